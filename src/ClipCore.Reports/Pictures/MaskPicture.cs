using ClipCore.Images;

namespace ClipCore.Reports.Pictures;

/// <summary>A picture with its mask, for a <see cref="MaskSheet"/>.</summary>
/// <param name="Image">The picture as the model sees it.</param>
/// <param name="Foreground">Whether a pixel belongs to the object. [size, size]</param>
/// <param name="Caption">Lines under it.</param>
public sealed record MaskPicture(PreparedImage Image, bool[] Foreground, params string[] Caption);

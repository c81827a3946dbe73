namespace ClipCore.Images;

/// <summary>A picture as the model sees it, before the normalisation.</summary>
/// <param name="Rgb">Bytes. [size, size, 3]</param>
/// <param name="Size">Side in pixels.</param>
/// <param name="Seen">Which part of the original picture it shows; parts outside the picture are filled.</param>
/// <param name="OriginalWidth">Columns of the original.</param>
/// <param name="OriginalHeight">Rows of the original.</param>
public sealed record PreparedImage(byte[] Rgb, int Size, PictureRectangle Seen, int OriginalWidth, int OriginalHeight);

namespace ClipCore.Images;

/// <summary>A rectangle of a picture, in its own pixels and fractions of them.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct PictureRectangle(double X, double Y, double Width, double Height);

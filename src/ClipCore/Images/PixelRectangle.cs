namespace ClipCore.Images;

/// <summary>A rectangle of whole pixels.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
readonly record struct PixelRectangle(int X, int Y, int Width, int Height);

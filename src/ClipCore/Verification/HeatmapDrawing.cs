namespace ClipCore.Verification;

/// <summary>Draws a map of patches as a picture, every patch a crisp cell, so that the drawing is verified too.</summary>
/// <param name="map">Values of the patches. [rows, rows]</param>
/// <param name="rows">Rows of patches, and columns.</param>
/// <param name="size">Side of the picture in pixels.</param>
/// <returns>Bytes of the picture. [size, size, 3]</returns>
public delegate byte[] HeatmapDrawing(float[] map, int rows, int size);

namespace ClipCore.Cli.Data;

/// <summary>Some images as pixels.</summary>
/// <param name="Indices">Which images of the source they are. [b]</param>
/// <param name="Pixels">[b, 3, size, size]</param>
sealed record PixelBatch(int[] Indices, ReadOnlyMemory<float> Pixels);

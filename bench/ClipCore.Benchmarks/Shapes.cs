using ClipCore.Memory;
using ClipCore.Numerics;

namespace ClipCore.Benchmarks;

/// <summary>Sizes of a published vision tower at 224 × 224 pixels.</summary>
/// <param name="Tokens">Class token and patches.</param>
/// <param name="Width">Width of the residual stream.</param>
/// <param name="Heads">Attention heads.</param>
readonly record struct Shapes(int Tokens, int Width, int Heads)
{
    /// <summary>Width of the MLP.</summary>
    public int MlpWidth => 4 * Width;

    /// <summary>Width of a head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>The sizes of ViT-B-32, ViT-B-16, ViT-L-14 or ViT-H-14.</summary>
    public static Shapes Of(string model) => model switch
    {
        "ViT-B-32" => new Shapes(50, 768, 12),
        "ViT-B-16" => new Shapes(197, 768, 12),
        "ViT-L-14" => new Shapes(257, 1024, 16),
        "ViT-H-14" => new Shapes(257, 1280, 16),
        _ => throw new ArgumentException($"{model} is not in the table of sizes.", nameof(model)),
    };

    /// <summary>Random floats between −1 and 1, the same for the same length.</summary>
    internal static AlignedBuffer Floats(long length)
    {
        AlignedBuffer buffer = new(length);
        Random random = new(1);
        foreach (ref float value in buffer.Span)
            value = (random.NextSingle() * 2) - 1;
        return buffer;
    }
}

using System.Globalization;

namespace ClipCore.Checkpoints;

/// <summary>A stack of transformer blocks: what both towers have in common.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public abstract record TowerConfig
{
    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads of a block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width of the MLP's hidden layer.</summary>
    public required int MlpWidth { get; init; }

    /// <summary>What is added to the variance in every LayerNorm.</summary>
    public float LayerNormEpsilon { get; init; } = 1e-5f;

    /// <summary>The function within the MLP.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Width of one head: width / heads. Not always a multiple of 16 (bigG/14 has 104).</summary>
    public int HeadWidth => Width / HeadCount;

    /// <summary>Tokens of the longest sequence.</summary>
    public abstract int TokenCount { get; }

    private protected void CheckTower(ConfigCheck check, string tower)
    {
        check.Range($"{tower} width", Width, 1, 1 << 16);
        check.Range($"{tower} layers", LayerCount, 1, 1024);
        check.Range($"{tower} heads", HeadCount, 1, Width);
        check.Range($"{tower} mlp width", MlpWidth, 1, 1 << 20);
        if (Width % HeadCount != 0)
            check.Fail($"{tower} width {Width} can't be shared out to {HeadCount} heads");
        if (!(LayerNormEpsilon > 0 && LayerNormEpsilon < 1))
            check.Fail(string.Create(CultureInfo.InvariantCulture, $"{tower} layer norm epsilon is {LayerNormEpsilon}; it must lie between 0 and 1"));
    }
}

using ClipCore.TextSpan;

namespace ClipCore.Atlas;

/// <summary>What an atlas tells of each head. Immutable, safe for many threads.</summary>
public sealed record AtlasOptions
{
    /// <summary>How heads are spanned: by default ten texts of each head of every layer whose heads the set holds one by one.</summary>
    public TextSpanOptions Spans { get; init; } = new() { Count = 10, LastLayers = int.MaxValue };

    /// <summary>Top and bottom images of each text; 0 for none, which spares the pass over the images.</summary>
    public int Images { get; init; } = 3;

    /// <summary>How many first texts of a head its factors are taken from.</summary>
    public int FactorTexts { get; init; } = 10;

    /// <summary>The share of what a head's texts explain that one factor must bring to become the head's label, between 0 and 1.</summary>
    public double LabelShare { get; init; } = 0.4;
}

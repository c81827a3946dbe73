namespace ClipCore.TextSpan;

/// <summary>How heads are spanned by texts; the defaults are the paper's. Immutable, safe for many threads.</summary>
public sealed record TextSpanOptions
{
    /// <summary>Texts of a head, at most.</summary>
    public int Count { get; init; } = 20;

    /// <summary>Directions of a head's span, at most.</summary>
    public int Rank { get; init; } = 80;

    /// <summary>Layers whose heads are spanned, counted from the end; all where the model has fewer.</summary>
    public int LastLayers { get; init; } = 4;

    /// <summary>Whether directions of rounding noise may belong to a span.</summary>
    public SpanRule Rule { get; init; } = SpanRule.NumericalRank;
}

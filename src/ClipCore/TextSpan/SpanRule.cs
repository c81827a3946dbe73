namespace ClipCore.TextSpan;

/// <summary>How TEXTSPAN finds the span of a head's outputs.</summary>
public enum SpanRule
{
    /// <summary>At most the given rank, and only directions above the rounding noise of single precision.</summary>
    NumericalRank,

    /// <summary>The given rank whatever the data holds, as the paper's own code: past the data's true rank the directions are rounding noise.</summary>
    GivenRank,
}

namespace ClipCore.EffectSets;

/// <summary>All that TEXTSPAN needs to know of a head's outputs over a set of images.</summary>
/// <param name="Statistics">Of the outputs themselves [e], or of their coordinates [k + 3].</param>
/// <param name="Basis">What turns coordinates into outputs [k + 3, e]; null for outputs themselves.</param>
public sealed record HeadStatistics(SpanStatistics Statistics, float[]? Basis);

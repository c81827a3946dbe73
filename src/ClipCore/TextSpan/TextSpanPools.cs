namespace ClipCore.TextSpan;

/// <summary>Texts, and what they must beat, as representations.</summary>
/// <param name="Texts">The pool. [t, e]</param>
/// <param name="CommonWords">Common words to compare with; null without. [w, e]</param>
/// <param name="Seeds">Seeds of random directions to compare with, each drawn with the mean and spread of the pool; none by default.</param>
public sealed record TextSpanPools(ReadOnlyMemory<float> Texts, ReadOnlyMemory<float>? CommonWords = null, IReadOnlyList<int>? Seeds = null);

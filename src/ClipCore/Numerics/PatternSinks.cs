namespace ClipCore.Numerics;

/// <summary>Where attention patterns (rows after softmax) are kept; null pointers keep nothing.</summary>
/// <param name="pooled">Pattern of the pooled token. [sequences, heads, <paramref name="stride"/>]</param>
/// <param name="all">Patterns of all tokens. [sequences, heads, <paramref name="stride"/>, <paramref name="stride"/>]</param>
/// <param name="weightedValues">αᵢ vᵢ of the pooled token's pattern α. [sequences, heads, <paramref name="weightedTokens"/>, headWidth]</param>
/// <param name="stride">Floats of a pattern's row: tokens of the longest sequence.</param>
/// <param name="weightedTokens">Of how many tokens, from the first on, weighted values are kept.</param>
readonly unsafe struct PatternSinks(float* pooled, float* all, float* weightedValues, int stride, int weightedTokens)
{
    public float* Pooled { get; } = pooled;
    public float* All { get; } = all;
    public float* WeightedValues { get; } = weightedValues;
    public int Stride { get; } = stride;
    public int WeightedTokens { get; } = weightedTokens;
}

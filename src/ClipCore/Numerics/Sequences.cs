namespace ClipCore.Numerics;

/// <summary>Sequences that lie one after the other in the rows of a matrix.</summary>
/// <param name="count">Number of sequences.</param>
/// <param name="starts">First row of each. [count + 1]</param>
/// <param name="pooled">The token of each sequence, counted from its start, whose row becomes the representation. [count]</param>
/// <param name="maxLength">Tokens of the longest.</param>
readonly unsafe struct Sequences(int count, int* starts, int* pooled, int maxLength)
{
    public int Count { get; } = count;
    public int* Starts { get; } = starts;
    public int* Pooled { get; } = pooled;
    public int MaxLength { get; } = maxLength;

    /// <summary>Rows of all sequences together.</summary>
    public int Rows => Starts[Count];

    public int Length(int sequence) => Starts[sequence + 1] - Starts[sequence];
}

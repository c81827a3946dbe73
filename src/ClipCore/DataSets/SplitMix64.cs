namespace ClipCore.DataSets;

/// <summary>
/// Random numbers that are the same everywhere, by SplitMix64 (Steele, Lea, Flood 2014): the framework's generator makes no promise across versions.
/// </summary>
/// <param name="state">Where the sequence starts.</param>
struct SplitMix64(ulong state)
{
    /// <summary>What the state grows by: 2⁶⁴ divided by the golden ratio.</summary>
    public const ulong Step = 0x9E3779B97F4A7C15UL;

    ulong _state = state;

    /// <summary>The next number.</summary>
    public ulong Next() => Mix(_state += Step);

    /// <summary>The next number in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number whose bits all depend on all bits of another.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

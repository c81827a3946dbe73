namespace ClipCore.Numerics;

/// <summary>
/// How sums over a long depth are cut: every chain of additions starts from zero, and the chains are added in order. A chain's rounding error grows with
/// its length; chains of a few hundred added up have a half to a quarter of the error of one chain over the whole depth. The cuts are the same for
/// every register width, number format, thread count and batch.
/// </summary>
static class Chains
{
    /// <summary>Most steps of a chain.</summary>
    public const int MaxLength = Blocking.Depth * 9 / 8;

    /// <summary>Into how many chains of nearly equal length a depth is cut; one at the least.</summary>
    public static int Count(int depth) => Math.Max(1, (depth + MaxLength - 1) / MaxLength);

    /// <summary>Where a chain starts; the end of the last one is the start of the one after it.</summary>
    public static int Start(int depth, int chain, int count) => (int)((long)depth * chain / count);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ClipCore.Lanes;

/// <summary>One number from several lanes in memory, in one fixed order whatever the register width.</summary>
static unsafe class LaneTree
{
    /// <summary>The sum of sixteen lanes: halves are added until one is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float* lanes)
    {
        Vector128<float> four = (Vector128.Load(lanes) + Vector128.Load(lanes + 8)) + (Vector128.Load(lanes + 4) + Vector128.Load(lanes + 12));
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>The largest of some lanes.</summary>
    /// <param name="lanes">The lanes.</param>
    /// <param name="count">16, 8, 4 or 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float* lanes, int count)
    {
        if (count == 1)
            return lanes[0];
        Vector128<float> four = Lanes128.Load(lanes);
        for (int i = 4; i < count; i += 4)
            four = Lanes128.Max(Lanes128.Load(lanes + i), four);
        return Lanes1.Max(Lanes1.Max(four[0], four[2]), Lanes1.Max(four[1], four[3]));
    }
}

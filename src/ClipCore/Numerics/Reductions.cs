using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>
/// Sums with sixteen virtual lanes (one 512-bit register, two of 256, four of 128, or sixteen scalars) and one fixed tree at the end:
/// the order of additions is the same for every width.
/// </summary>
static unsafe class Reductions
{
    /// <summary>Sums that run side by side, whatever the width.</summary>
    public const int VirtualLanes = 16;

    /// <summary>Σ x</summary>
    public static float Sum<TLanes, TVec>(float* x, int length) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        Reduce<TLanes, TVec, Plain>(x, length, 0);

    /// <summary>Σ (x − centre)</summary>
    public static float SumOfDifferences<TLanes, TVec>(float* x, int length, float centre)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => Reduce<TLanes, TVec, Centred>(x, length, centre);

    /// <summary>Σ (x − centre)²</summary>
    public static float SumOfSquares<TLanes, TVec>(float* x, int length, float centre)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        Reduce<TLanes, TVec, CentredSquares>(x, length, centre);

    /// <summary>The largest value; NaN values are passed over unless they come first.</summary>
    public static float Max<TLanes, TVec>(float* x, int length) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        float largest = x[0];
        int i = 0;
        if (length >= TLanes.Count)
        {
            TVec lanes = TLanes.Load(x);
            for (i = TLanes.Count; i <= length - TLanes.Count; i += TLanes.Count)
                lanes = TLanes.Max(TLanes.Load(x + i), lanes);
            float* each = stackalloc float[VirtualLanes];
            TLanes.Store(lanes, each);
            for (int j = 0; j < TLanes.Count; j++)
                largest = Lanes1.Max(each[j], largest);
        }
        for (; i < length; i++)
            largest = Lanes1.Max(x[i], largest);
        return largest;
    }

    readonly struct Plain : IReduction
    {
        public static float Filler(float parameter) => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Accumulate<TLanes, TVec>(TVec sum, TVec x, TVec parameter)
            where TLanes : struct, ILanes<TVec> where TVec : unmanaged => TLanes.Add(sum, x);
    }

    readonly struct Centred : IReduction
    {
        public static float Filler(float parameter) => parameter;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Accumulate<TLanes, TVec>(TVec sum, TVec x, TVec parameter)
            where TLanes : struct, ILanes<TVec> where TVec : unmanaged => TLanes.Add(sum, TLanes.Subtract(x, parameter));
    }

    readonly struct CentredSquares : IReduction
    {
        public static float Filler(float parameter) => parameter;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Accumulate<TLanes, TVec>(TVec sum, TVec x, TVec parameter)
            where TLanes : struct, ILanes<TVec> where TVec : unmanaged
        {
            TVec difference = TLanes.Subtract(x, parameter);
            return TLanes.MultiplyAdd(difference, difference, sum);
        }
    }

    static float Reduce<TLanes, TVec, TReduction>(float* x, int length, float parameter)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged where TReduction : struct, IReduction
    {
        float* lanes = stackalloc float[VirtualLanes], last = stackalloc float[VirtualLanes];
        int whole = length / VirtualLanes * VirtualLanes;
        for (int i = 0; i < VirtualLanes; i++)
            last[i] = whole + i < length ? x[whole + i] : TReduction.Filler(parameter);

        // Up to four registers at a time: all sixteen lanes for every vector width, a quarter of them in each turn for scalars.
        int n = TLanes.Count, registers = Math.Min(VirtualLanes / n, 4);
        TVec p = TLanes.Fill(parameter);
        for (int first = 0; first < VirtualLanes; first += registers * n)
        {
            TVec s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
            for (int block = 0; block <= whole; block += VirtualLanes)
            {
                float* source = (block < whole ? x + block : last) + first;
                s0 = TReduction.Accumulate<TLanes, TVec>(s0, TLanes.Load(source), p);
                if (n < 16)
                    s1 = TReduction.Accumulate<TLanes, TVec>(s1, TLanes.Load(source + n), p);
                if (n < 8)
                    s2 = TReduction.Accumulate<TLanes, TVec>(s2, TLanes.Load(source + (2 * n)), p);
                if (n < 8)
                    s3 = TReduction.Accumulate<TLanes, TVec>(s3, TLanes.Load(source + (3 * n)), p);
            }
            TLanes.Store(s0, lanes + first);
            if (n < 16)
                TLanes.Store(s1, lanes + first + n);
            if (n < 8)
                TLanes.Store(s2, lanes + first + (2 * n));
            if (n < 8)
                TLanes.Store(s3, lanes + first + (3 * n));
        }

        return LaneTree.Sum(lanes);
    }
}

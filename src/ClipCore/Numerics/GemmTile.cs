using System.Diagnostics;
using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>The innermost loop of every matrix product: a few rows by two registers, all sums in registers.</summary>
/// <remarks>
/// Six rows by two registers for every width: 12 sums + 2 of b + 1 of a fill 15 of the 16 registers of AVX2, and 12 independent
/// chains of multiply-adds exceed the 8 to 10 that two ports with a latency of four or five cycles need. Each lane owns one output and adds over the
/// depth in order, so neither the width nor the blocking changes a bit.
/// </remarks>
static unsafe class GemmTile
{
    /// <summary>Rows of a full tile (MR).</summary>
    public const int MaxRows = 6;

    /// <summary>Steps of the depth between two requests for memory that comes next: rare enough to be free, even enough not to clog the memory ports.</summary>
    public const int PrefetchSteps = 8;

    /// <summary>Columns of a tile (NR): two registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Columns<TLanes, TVec>()
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => 2 * TLanes.Count;

    /// <summary>c[rows × NR] = (accumulate ? c : 0) + a[rows × depth] · b[depth × NR].</summary>
    /// <param name="a">Rows of the left matrix, <paramref name="aStride"/> floats apart.</param>
    /// <param name="aStride">Floats from one row of a to the next.</param>
    /// <param name="b">A packed panel: NR floats for each step of the depth.</param>
    /// <param name="rows">1 to <see cref="MaxRows"/>.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="accumulate">Whether to go on from the values in c.</param>
    /// <param name="c">The tile, rows <paramref name="cStride"/> floats apart.</param>
    /// <param name="cStride">Floats from one row of c to the next.</param>
    /// <param name="next">Memory that will be needed soon: a line of it is asked for every <see cref="PrefetchSteps"/> steps.</param>
    /// <param name="nextStep">Bytes from one such request to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TLanes, TVec>(
        float* a, nint aStride, float* b, int rows, int depth, bool accumulate, float* c, nint cStride,
        byte* next, nint nextStep)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        switch (rows)
        {
            case 6: Rows<TLanes, TVec, Rows6>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 5: Rows<TLanes, TVec, Rows5>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 4: Rows<TLanes, TVec, Rows4>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 3: Rows<TLanes, TVec, Rows3>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 2: Rows<TLanes, TVec, Rows2>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            default:
                Debug.Assert(rows == 1);
                Rows<TLanes, TVec, Rows1>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep);
                break;
        }
    }

    /// <summary>A row count known to the compiler, so that the sums of absent rows vanish.</summary>
    interface IRowCount
    {
        static abstract int Value { get; }
    }

    readonly struct Rows1 : IRowCount { public static int Value => 1; }
    readonly struct Rows2 : IRowCount { public static int Value => 2; }
    readonly struct Rows3 : IRowCount { public static int Value => 3; }
    readonly struct Rows4 : IRowCount { public static int Value => 4; }
    readonly struct Rows5 : IRowCount { public static int Value => 5; }
    readonly struct Rows6 : IRowCount { public static int Value => 6; }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static void Rows<TLanes, TVec, TRows>(
        float* a, nint aStride, float* b, int depth, bool accumulate, float* c, nint cStride,
        byte* next, nint nextStep)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged where TRows : struct, IRowCount
    {
        int n = TLanes.Count;
        TVec c00 = TLanes.Zero, c01 = TLanes.Zero;
        TVec c10 = TLanes.Zero, c11 = TLanes.Zero;
        TVec c20 = TLanes.Zero, c21 = TLanes.Zero;
        TVec c30 = TLanes.Zero, c31 = TLanes.Zero;
        TVec c40 = TLanes.Zero, c41 = TLanes.Zero;
        TVec c50 = TLanes.Zero, c51 = TLanes.Zero;

        if (accumulate)
        {
            c00 = TLanes.Load(c); c01 = TLanes.Load(c + n);
            if (TRows.Value > 1) { c10 = TLanes.Load(c + cStride); c11 = TLanes.Load(c + cStride + n); }
            if (TRows.Value > 2) { c20 = TLanes.Load(c + 2 * cStride); c21 = TLanes.Load(c + 2 * cStride + n); }
            if (TRows.Value > 3) { c30 = TLanes.Load(c + 3 * cStride); c31 = TLanes.Load(c + 3 * cStride + n); }
            if (TRows.Value > 4) { c40 = TLanes.Load(c + 4 * cStride); c41 = TLanes.Load(c + 4 * cStride + n); }
            if (TRows.Value > 5) { c50 = TLanes.Load(c + 5 * cStride); c51 = TLanes.Load(c + 5 * cStride + n); }
        }

        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride, a5 = a4 + aStride;
        for (nint k = 0, end; k < depth;)
        {
            Cache.Prefetch(next);
            next += nextStep;
            end = Math.Min(k + PrefetchSteps, depth);
            for (; k < end; k++, b += 2 * n)
            {
                TVec b0 = TLanes.Load(b), b1 = TLanes.Load(b + n), x;
                x = TLanes.Fill(a[k]);
                c00 = TLanes.MultiplyAdd(x, b0, c00); c01 = TLanes.MultiplyAdd(x, b1, c01);
                if (TRows.Value > 1) { x = TLanes.Fill(a1[k]); c10 = TLanes.MultiplyAdd(x, b0, c10); c11 = TLanes.MultiplyAdd(x, b1, c11); }
                if (TRows.Value > 2) { x = TLanes.Fill(a2[k]); c20 = TLanes.MultiplyAdd(x, b0, c20); c21 = TLanes.MultiplyAdd(x, b1, c21); }
                if (TRows.Value > 3) { x = TLanes.Fill(a3[k]); c30 = TLanes.MultiplyAdd(x, b0, c30); c31 = TLanes.MultiplyAdd(x, b1, c31); }
                if (TRows.Value > 4) { x = TLanes.Fill(a4[k]); c40 = TLanes.MultiplyAdd(x, b0, c40); c41 = TLanes.MultiplyAdd(x, b1, c41); }
                if (TRows.Value > 5) { x = TLanes.Fill(a5[k]); c50 = TLanes.MultiplyAdd(x, b0, c50); c51 = TLanes.MultiplyAdd(x, b1, c51); }
            }
        }

        TLanes.Store(c00, c); TLanes.Store(c01, c + n);
        if (TRows.Value > 1) { TLanes.Store(c10, c + cStride); TLanes.Store(c11, c + cStride + n); }
        if (TRows.Value > 2) { TLanes.Store(c20, c + 2 * cStride); TLanes.Store(c21, c + 2 * cStride + n); }
        if (TRows.Value > 3) { TLanes.Store(c30, c + 3 * cStride); TLanes.Store(c31, c + 3 * cStride + n); }
        if (TRows.Value > 4) { TLanes.Store(c40, c + 4 * cStride); TLanes.Store(c41, c + 4 * cStride + n); }
        if (TRows.Value > 5) { TLanes.Store(c50, c + 5 * cStride); TLanes.Store(c51, c + 5 * cStride + n); }
    }
}

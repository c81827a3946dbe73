using System.Diagnostics;
using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>The innermost loop of every matrix product: a few rows by two registers, all sums in registers.</summary>
/// <remarks>
/// Twelve rows by two registers of 512 bits: 24 sums + 2 of b + 1 of a fill 27 of the 32 registers of AVX-512, and the panel of b streams
/// half as often from the second-level cache as with six. Six rows where there are 16 registers: 12 + 2 + 1, and 12 independent
/// chains of multiply-adds still exceed the 8 to 10 that two ports with a latency of four or five cycles need. Each lane owns one output and
/// adds over the depth in order; every call is one chain of additions from zero, and chains are added in order (<see cref="Chains"/>), so the
/// shape of the tile changes no bit.
/// </remarks>
static unsafe class GemmTile
{
    /// <summary>Rows of the largest tile.</summary>
    public const int MaxRows = 12;

    /// <summary>Rows of a full tile (MR).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rows<TLanes, TVec>()
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => TLanes.Count == 16 ? 12 : 6;

    /// <summary>Columns of a tile (NR): two registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Columns<TLanes, TVec>()
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => 2 * TLanes.Count;

    /// <summary>c[rows × NR] = (accumulate ? c : 0) + a[rows × depth] · b[depth × NR].</summary>
    /// <param name="a">Rows of the left matrix, <paramref name="aStride"/> floats apart.</param>
    /// <param name="aStride">Floats from one row of a to the next.</param>
    /// <param name="b">A packed panel: NR floats for each step of the depth.</param>
    /// <param name="rows">1 to <see cref="Rows{TLanes, TVec}"/>.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="accumulate">Whether to add the sums, once they are complete, to the values in c.</param>
    /// <param name="c">The tile, rows <paramref name="cStride"/> floats apart.</param>
    /// <param name="cStride">Floats from one row of c to the next.</param>
    /// <param name="next">Memory that will be needed soon: a line of it is asked for at every step of the depth.</param>
    /// <param name="nextStep">Bytes from one such request to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TLanes, TVec>(
        float* a, nint aStride, float* b, int rows, int depth, bool accumulate, float* c, nint cStride,
        byte* next, nint nextStep)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        switch (rows)
        {
            case 12: Tile<TLanes, TVec, Rows12>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 11: Tile<TLanes, TVec, Rows11>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 10: Tile<TLanes, TVec, Rows10>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 9: Tile<TLanes, TVec, Rows9>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 8: Tile<TLanes, TVec, Rows8>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 7: Tile<TLanes, TVec, Rows7>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 6: Tile<TLanes, TVec, Rows6>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 5: Tile<TLanes, TVec, Rows5>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 4: Tile<TLanes, TVec, Rows4>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 3: Tile<TLanes, TVec, Rows3>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            case 2: Tile<TLanes, TVec, Rows2>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep); break;
            default:
                Debug.Assert(rows == 1);
                Tile<TLanes, TVec, Rows1>(a, aStride, b, depth, accumulate, c, cStride, next, nextStep);
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
    readonly struct Rows7 : IRowCount { public static int Value => 7; }
    readonly struct Rows8 : IRowCount { public static int Value => 8; }
    readonly struct Rows9 : IRowCount { public static int Value => 9; }
    readonly struct Rows10 : IRowCount { public static int Value => 10; }
    readonly struct Rows11 : IRowCount { public static int Value => 11; }
    readonly struct Rows12 : IRowCount { public static int Value => 12; }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static void Tile<TLanes, TVec, TRows>(
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
        TVec c60 = TLanes.Zero, c61 = TLanes.Zero;
        TVec c70 = TLanes.Zero, c71 = TLanes.Zero;
        TVec c80 = TLanes.Zero, c81 = TLanes.Zero;
        TVec c90 = TLanes.Zero, c91 = TLanes.Zero;
        TVec cA0 = TLanes.Zero, cA1 = TLanes.Zero;
        TVec cB0 = TLanes.Zero, cB1 = TLanes.Zero;

        // Four pointers for twelve rows: the others are one or two strides further, which an address can hold.
        float* a3 = a + 3 * aStride, a6 = a3 + 3 * aStride, a9 = a6 + 3 * aStride;
        nint stride2 = 2 * aStride;
        for (int k = 0; k < depth; k++, a++, a3++, a6++, a9++, b += 2 * n)
        {
            // At every step, though a line lasts for several: a second loop around a few steps costs more (its end is mispredicted).
            Cache.Prefetch(next);
            next += nextStep;
            TVec b0 = TLanes.Load(b), b1 = TLanes.Load(b + n), x;
            x = TLanes.Fill(*a); c00 = TLanes.MultiplyAdd(x, b0, c00); c01 = TLanes.MultiplyAdd(x, b1, c01);
            if (TRows.Value > 1) { x = TLanes.Fill(a[aStride]); c10 = TLanes.MultiplyAdd(x, b0, c10); c11 = TLanes.MultiplyAdd(x, b1, c11); }
            if (TRows.Value > 2) { x = TLanes.Fill(a[stride2]); c20 = TLanes.MultiplyAdd(x, b0, c20); c21 = TLanes.MultiplyAdd(x, b1, c21); }
            if (TRows.Value > 3) { x = TLanes.Fill(*a3); c30 = TLanes.MultiplyAdd(x, b0, c30); c31 = TLanes.MultiplyAdd(x, b1, c31); }
            if (TRows.Value > 4) { x = TLanes.Fill(a3[aStride]); c40 = TLanes.MultiplyAdd(x, b0, c40); c41 = TLanes.MultiplyAdd(x, b1, c41); }
            if (TRows.Value > 5) { x = TLanes.Fill(a3[stride2]); c50 = TLanes.MultiplyAdd(x, b0, c50); c51 = TLanes.MultiplyAdd(x, b1, c51); }
            if (TRows.Value > 6) { x = TLanes.Fill(*a6); c60 = TLanes.MultiplyAdd(x, b0, c60); c61 = TLanes.MultiplyAdd(x, b1, c61); }
            if (TRows.Value > 7) { x = TLanes.Fill(a6[aStride]); c70 = TLanes.MultiplyAdd(x, b0, c70); c71 = TLanes.MultiplyAdd(x, b1, c71); }
            if (TRows.Value > 8) { x = TLanes.Fill(a6[stride2]); c80 = TLanes.MultiplyAdd(x, b0, c80); c81 = TLanes.MultiplyAdd(x, b1, c81); }
            if (TRows.Value > 9) { x = TLanes.Fill(*a9); c90 = TLanes.MultiplyAdd(x, b0, c90); c91 = TLanes.MultiplyAdd(x, b1, c91); }
            if (TRows.Value > 10) { x = TLanes.Fill(a9[aStride]); cA0 = TLanes.MultiplyAdd(x, b0, cA0); cA1 = TLanes.MultiplyAdd(x, b1, cA1); }
            if (TRows.Value > 11) { x = TLanes.Fill(a9[stride2]); cB0 = TLanes.MultiplyAdd(x, b0, cB0); cB1 = TLanes.MultiplyAdd(x, b1, cB1); }
        }

        if (accumulate)
        {
            c00 = TLanes.Add(TLanes.Load(c), c00); c01 = TLanes.Add(TLanes.Load(c + n), c01);
            if (TRows.Value > 1) { c10 = TLanes.Add(TLanes.Load(c + cStride), c10); c11 = TLanes.Add(TLanes.Load(c + cStride + n), c11); }
            if (TRows.Value > 2) { c20 = TLanes.Add(TLanes.Load(c + 2 * cStride), c20); c21 = TLanes.Add(TLanes.Load(c + 2 * cStride + n), c21); }
            if (TRows.Value > 3) { c30 = TLanes.Add(TLanes.Load(c + 3 * cStride), c30); c31 = TLanes.Add(TLanes.Load(c + 3 * cStride + n), c31); }
            if (TRows.Value > 4) { c40 = TLanes.Add(TLanes.Load(c + 4 * cStride), c40); c41 = TLanes.Add(TLanes.Load(c + 4 * cStride + n), c41); }
            if (TRows.Value > 5) { c50 = TLanes.Add(TLanes.Load(c + 5 * cStride), c50); c51 = TLanes.Add(TLanes.Load(c + 5 * cStride + n), c51); }
            if (TRows.Value > 6) { c60 = TLanes.Add(TLanes.Load(c + 6 * cStride), c60); c61 = TLanes.Add(TLanes.Load(c + 6 * cStride + n), c61); }
            if (TRows.Value > 7) { c70 = TLanes.Add(TLanes.Load(c + 7 * cStride), c70); c71 = TLanes.Add(TLanes.Load(c + 7 * cStride + n), c71); }
            if (TRows.Value > 8) { c80 = TLanes.Add(TLanes.Load(c + 8 * cStride), c80); c81 = TLanes.Add(TLanes.Load(c + 8 * cStride + n), c81); }
            if (TRows.Value > 9) { c90 = TLanes.Add(TLanes.Load(c + 9 * cStride), c90); c91 = TLanes.Add(TLanes.Load(c + 9 * cStride + n), c91); }
            if (TRows.Value > 10) { cA0 = TLanes.Add(TLanes.Load(c + 10 * cStride), cA0); cA1 = TLanes.Add(TLanes.Load(c + 10 * cStride + n), cA1); }
            if (TRows.Value > 11) { cB0 = TLanes.Add(TLanes.Load(c + 11 * cStride), cB0); cB1 = TLanes.Add(TLanes.Load(c + 11 * cStride + n), cB1); }
        }

        TLanes.Store(c00, c); TLanes.Store(c01, c + n);
        if (TRows.Value > 1) { TLanes.Store(c10, c + cStride); TLanes.Store(c11, c + cStride + n); }
        if (TRows.Value > 2) { TLanes.Store(c20, c + 2 * cStride); TLanes.Store(c21, c + 2 * cStride + n); }
        if (TRows.Value > 3) { TLanes.Store(c30, c + 3 * cStride); TLanes.Store(c31, c + 3 * cStride + n); }
        if (TRows.Value > 4) { TLanes.Store(c40, c + 4 * cStride); TLanes.Store(c41, c + 4 * cStride + n); }
        if (TRows.Value > 5) { TLanes.Store(c50, c + 5 * cStride); TLanes.Store(c51, c + 5 * cStride + n); }
        if (TRows.Value > 6) { TLanes.Store(c60, c + 6 * cStride); TLanes.Store(c61, c + 6 * cStride + n); }
        if (TRows.Value > 7) { TLanes.Store(c70, c + 7 * cStride); TLanes.Store(c71, c + 7 * cStride + n); }
        if (TRows.Value > 8) { TLanes.Store(c80, c + 8 * cStride); TLanes.Store(c81, c + 8 * cStride + n); }
        if (TRows.Value > 9) { TLanes.Store(c90, c + 9 * cStride); TLanes.Store(c91, c + 9 * cStride + n); }
        if (TRows.Value > 10) { TLanes.Store(cA0, c + 10 * cStride); TLanes.Store(cA1, c + 10 * cStride + n); }
        if (TRows.Value > 11) { TLanes.Store(cB0, c + 11 * cStride); TLanes.Store(cB1, c + 11 * cStride + n); }
    }
}

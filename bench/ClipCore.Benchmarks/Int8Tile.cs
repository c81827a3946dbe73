using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Numerics;

namespace ClipCore.Benchmarks;

/// <summary>
/// A prototype of a product's tile in 8-bit integers, without VNNI, which .NET 10 does not expose: bytes times signed bytes in pairs to 16 bits (vpmaddubsw),
/// those in pairs to 32 bits (vpmaddwd with ones), and an addition: three instructions for 64 products, where single precision takes four.
/// </summary>
/// <remarks>The first step saturates at 16 bits: activations may use 7 bits only, 2 · 127 · 127 &lt; 2¹⁵.</remarks>
static unsafe class Int8Tile
{
    const int Rows = 6, Columns = 32, Depth = 768, Tiles = 16, Repetitions = 400;

    /// <summary>Speed of the tile over the one in single precision, both over a panel of 768 × 32 for 96 rows: the median of pairs.</summary>
    public static double Speedup()
    {
        using AlignedBuffer a = new(Rows * Tiles * (Depth + 16)), b = new(Depth * Columns), c = new(Rows * Columns);
        float* floatA = a.Data, floatB = b.Data, floatC = c.Data;
        new Span<byte>(a.Data, (int)a.Length * sizeof(float)).Fill(1);
        double[] ratios = new double[15];
        for (int i = 0; i < ratios.Length; i++)
        {
            double integers = Time(() =>
            {
                for (int tile = 0; tile < Tiles; tile++)
                    Run((byte*)floatA + (tile * Rows * (Depth + 64)), Depth + 64, (sbyte*)floatB, (int*)floatC);
            });
            double floats = Time(() =>
            {
                for (int tile = 0; tile < Tiles; tile++)
                    GemmTile.Run<Lanes512, Vector512<float>>(floatA + (tile * Rows * (Depth + 16)), Depth + 16, floatB, Rows, Depth, false, floatC, Columns,
                        (byte*)floatB, 0);
            });
            ratios[i] = floats / integers;
        }
        return ratios.Order().ElementAt(ratios.Length / 2);
    }

    static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Repetitions; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>c[6 × 32] = a[6 × 768] · b, b packed as four steps of the depth side by side for each column.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static void Run(byte* a, nint stride, sbyte* b, int* c)
    {
        Vector512<short> ones = Vector512<short>.One;
        Vector512<int> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default, c40 = default,
            c41 = default, c50 = default, c51 = default;
        byte* a1 = a + stride, a2 = a1 + stride, a3 = a2 + stride, a4 = a3 + stride, a5 = a4 + stride;
        for (nint k = 0; k < Depth; k += 4, b += 128)
        {
            Vector512<sbyte> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 64);
            Step(a + k, b0, b1, ones, ref c00, ref c01);
            Step(a1 + k, b0, b1, ones, ref c10, ref c11);
            Step(a2 + k, b0, b1, ones, ref c20, ref c21);
            Step(a3 + k, b0, b1, ones, ref c30, ref c31);
            Step(a4 + k, b0, b1, ones, ref c40, ref c41);
            Step(a5 + k, b0, b1, ones, ref c50, ref c51);
        }
        (c00 + c10 + c20 + c30 + c40 + c50).Store(c);
        (c01 + c11 + c21 + c31 + c41 + c51).Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step(byte* a, Vector512<sbyte> b0, Vector512<sbyte> b1, Vector512<short> ones, ref Vector512<int> c0, ref Vector512<int> c1)
    {
        Vector512<byte> x = Vector512.Create(*(uint*)a).AsByte();
        c0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, b0), ones);
        c1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, b1), ones);
    }
}

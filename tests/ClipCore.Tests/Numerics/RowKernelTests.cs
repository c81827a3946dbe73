using System.Runtime.CompilerServices;
using ClipCore.Lanes;
using ClipCore.Numerics;
using ClipCore.Tests.Oracle;

namespace ClipCore.Tests.Numerics;

/// <summary>
/// Every row kernel at every length from 1 to 256, before a forbidden page: near the oracle in double, and with the scalar lanes' bits for every width.
/// </summary>
sealed unsafe class RowKernelTests
{
    const int MaxLength = 256;
    const float Epsilon = 1e-5f, Factor = 0.37f;

    readonly struct LayerNormRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination)
            where TLanes : struct, ILanes<TVec> where TVec : unmanaged => RowKernels.LayerNorm<TLanes, TVec>(x, y, z, length, Epsilon, destination);
    }

    readonly struct SoftmaxRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination) where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            new ReadOnlySpan<float>(x, length).CopyTo(new Span<float>(destination, length));
            RowKernels.Softmax<TLanes, TVec>(destination, length);
        }
    }

    readonly struct MultiplyRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination)
            where TLanes : struct, ILanes<TVec> where TVec : unmanaged => RowKernels.Multiply<TLanes, TVec>(x, Factor, length, destination);
    }

    readonly struct AddRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination) where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            new ReadOnlySpan<float>(y, length).CopyTo(new Span<float>(destination, length));
            RowKernels.Add<TLanes, TVec>(x, length, destination);
        }
    }

    /// <summary>All reductions; each result fills a part of the destination.</summary>
    readonly struct ReduceRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination) where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            float norm = RowKernels.Norm<TLanes, TVec>(x, length), sum = Reductions.Sum<TLanes, TVec>(x, length);
            float squares = Reductions.SumOfSquares<TLanes, TVec>(x, length, Factor), largest = Reductions.Max<TLanes, TVec>(x, length);
            float differences = Reductions.SumOfDifferences<TLanes, TVec>(x, length, Factor);
            for (int i = 0; i < length; i++)
                destination[i] = (i % 5) switch { 0 => sum, 1 => squares, 2 => largest, 3 => norm, _ => differences };
        }
    }

    [Test]
    public void LayerNorm_EveryLength() => Check<LayerNormRow>(2e-5, (x, y, z) =>
    {
        double mean = x.Average(), variance = x.Average(value => (value - mean) * (value - mean));
        return [.. x.Select((value, i) => ((value - mean) / Math.Sqrt(variance + Epsilon) * y[i]) + z[i])];
    });

    [Test]
    public void LayerNorm_OfConstantRows_IsTheBias([Values(7, 64, 100, 768, 1000, 1024)] int length,
        [Values(0.1f, 3.3333333f, -1234.567f, 1e-3f, 1e6f)] float value)
    {
        // A mean that is one rounding off would be magnified by 1/√ε = 316.
        float[] row = new float[length], gain = new float[length], bias = new float[length], destination = new float[length];
        Array.Fill(row, value);
        Array.Fill(gain, 1f);
        Array.Fill(bias, 0.25f);
        fixed (float* x = row, g = gain, b = bias, d = destination)
            foreach (Isa isa in Widths.All)
            {
                Widths.Run<LayerNormRow>(isa, x, g, b, length, d);
                Assert.That(destination, Is.All.EqualTo(0.25f), $"{isa}");
            }
    }

    [Test]
    public void Softmax_EveryLength() => Check<SoftmaxRow>(1e-6, (x, _, _) =>
    {
        double largest = x.Max(), sum = x.Sum(value => Math.Exp(value - largest));
        return [.. x.Select(value => Math.Exp(value - largest) / sum)];
    });

    [Test]
    public void Multiply_EveryLength() => Check<MultiplyRow>(1e-6, (x, _, _) => [.. x.Select(value => value * (double)Factor)]);

    [Test]
    public void Add_EveryLength() => Check<AddRow>(1e-6, (x, y, _) => [.. x.Select((value, i) => value + y[i])]);

    [Test]
    public void Reductions_EveryLength() => Check<ReduceRow>(3e-5, (x, _, _) =>
    {
        double sum = x.Sum(), squares = x.Sum(value => (value - Factor) * (value - Factor)), largest = x.Max(), norm = Math.Sqrt(x.Sum(value => value * value));
        double differences = x.Sum(value => value - (double)Factor);
        return [.. x.Select((_, i) => (i % 5) switch { 0 => sum, 1 => squares, 2 => largest, 3 => norm, _ => differences })];
    });

    [Test]
    public void SpecialValues_GiveTheScalarLanesBits()
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, 1e-39f, float.MaxValue,
            -float.MaxValue, 1f, -1f, 88.8f, -104.5f];
        Random random = new(5);
        for (int round = 0; round < 300; round++)
        {
            float[] row = [.. Enumerable.Range(0, 1 + (round % 67))
                .Select(_ => random.Next(3) == 0 ? special[random.Next(special.Length)] : (float)((random.NextDouble() * 8) - 4))];
            SameBits<MultiplyRow>(row);
            SameBits<AddRow>(row);
            // A maximum over NaN depends on where the NaN stands: the kernels see finite scores only, which the next line and the tests of the model check.
            float[] finite = [.. row.Select(value => float.IsFinite(value) ? value : 2f)];
            SameBits<SoftmaxRow>(finite);
            SameBits<LayerNormRow>(finite);
            SameBits<ReduceRow>(finite);
        }
    }

    static void SameBits<TOperation>(float[] row) where TOperation : struct, IRowOperation
    {
        float[] ones = new float[row.Length], expected = new float[row.Length], actual = new float[row.Length];
        Array.Fill(ones, 0.75f);
        fixed (float* x = row, y = ones, e = expected, a = actual)
            foreach (Isa isa in Widths.All)
            {
                Widths.Run<TOperation>(isa, x, y, y, row.Length, isa == Isa.Scalar ? e : a);
                if (isa != Isa.Scalar)
                    Assert.That(actual.Select(Widths.Bits), Is.EqualTo(expected.Select(Widths.Bits)),
                        $"{typeof(TOperation).Name}, {isa}, {string.Join(' ', row)}");
            }
    }

    static void Check<TOperation>(double tolerance, Func<double[], double[], double[], double[]> oracle) where TOperation : struct, IRowOperation
    {
        using GuardedFloats xs = new(MaxLength), ys = new(MaxLength), zs = new(MaxLength), ds = new(MaxLength);
        Random random = new(1);
        for (int length = 1; length <= MaxLength; length++)
        {
            float* x = xs.Last(length), y = ys.Last(length), z = zs.Last(length), d = ds.Last(length);
            foreach (nint pointer in (nint[])[(nint)x, (nint)y, (nint)z])
                for (int i = 0; i < length; i++)
                    ((float*)pointer)[i] = (float)((random.NextDouble() * 6) - 3);
            double[] expected = oracle(Doubles(x, length), Doubles(y, length), Doubles(z, length));
            int[]? bits = null;
            foreach (Isa isa in Widths.All)
            {
                new Span<float>(d, length).Fill(float.NaN);
                Widths.Run<TOperation>(isa, x, y, z, length, d);
                int[] got = [.. new Span<float>(d, length).ToArray().Select(BitConverter.SingleToInt32Bits)];
                Assert.That(got, Is.EqualTo(bits ??= got), $"length {length}, {isa} differs from the scalar lanes");
            }
            for (int i = 0; i < length; i++)
                Assert.That(d[i], Is.EqualTo(expected[i]).Within(tolerance * Math.Max(1, Math.Abs(expected[i]))), $"length {length}, element {i}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static double[] Doubles(float* x, int length) => [.. new ReadOnlySpan<float>(x, length).ToArray().Select(value => (double)value)];
}

using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Tests.Oracle;
using ClipCore.Threads;

namespace ClipCore.Tests.Numerics;

/// <summary>
/// The matrix product at every remainder of its tiles, panels and depth blocks, against a naive product in double; equal bits for every width and thread count.
/// </summary>
sealed unsafe class GemmTests
{
    static readonly int[] s_depths = [1, 2, 3, 7, 16, 63, 64, 65, 767, 768, 769, 1600];
    static readonly int[] s_columns = [1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 65, 128, 130];

    static readonly Epilogue[] s_epilogues = Enum.GetValues<Epilogue>();

    [Test]
    public void EveryRowRemainder([Range(1, 27)] int rows) => Check(rows, 33, 65, Epilogue.Bias, threads: 2);

    [Test]
    public void ManyRows([Values(50, 101, 102, 103, 197, 257)] int rows) => Check(rows, 65, 64, Epilogue.Store, threads: 2);

    [Test]
    public void EveryColumnRemainder([ValueSource(nameof(s_columns))] int columns) => Check(13, columns, 64, Epilogue.BiasResidual, threads: 3);

    [Test]
    public void EveryDepthBlock([ValueSource(nameof(s_depths))] int depth) => Check(14, 35, depth, Epilogue.Bias, threads: 2);

    [Test]
    public void EveryEpilogue([ValueSource(nameof(s_epilogues))] Epilogue epilogue) => Check(19, 50, 100, epilogue, threads: 2);

    [Test]
    public void EveryThreadCount([Range(1, 8)] int threads) => Check(57, 200, 130, Epilogue.BiasGelu, threads);

    [Test]
    public void LongDepths_AreSumsOfChains_InOrder([Values(900, 1600, 3072, 4096)] int depth)
    {
        // The order of additions, written out: chains from zero, added in order.
        Random random = new(depth);
        float[] a = Floats(random, 2 * depth), b = Floats(random, depth * 3), none = new float[6];
        float[] expected = new float[6];
        int chains = Chains.Count(depth);
        Assert.That(chains, Is.GreaterThan(1));
        for (int i = 0; i < 6; i++)
            for (int chain = 0; chain < chains; chain++)
            {
                float sum = 0;
                for (int k = Chains.Start(depth, chain, chains); k < Chains.Start(depth, chain + 1, chains); k++)
                    sum = MathF.FusedMultiplyAdd(a[(i / 3 * depth) + k], b[(k * 3) + (i % 3)], sum);
                expected[i] = chain == 0 ? sum : expected[i] + sum;
            }
        foreach (Isa isa in Widths.All)
            Assert.That(Run(isa, 2, a, b, none[..3], none, 2, 3, depth, Epilogue.Store), Is.EqualTo(expected), $"{isa}");
    }

    static void Check(int rows, int columns, int depth, Epilogue epilogue, int threads)
    {
        Random random = new(rows + columns + depth);
        float[] a = Floats(random, rows * depth), b = Floats(random, depth * columns), bias = Floats(random, columns), before = Floats(random, rows * columns);
        double[] expected = Oracle(a, b, bias, before, rows, columns, depth, epilogue);
        int[]? bits = null;
        foreach (Isa isa in Widths.All)
        {
            float[] actual = Run(isa, isa == Isa.Scalar ? 1 : threads, a, b, bias, before, rows, columns, depth, epilogue);
            int[] got = [.. actual.Select(BitConverter.SingleToInt32Bits)];
            Assert.That(got, Is.EqualTo(bits ??= got), $"{isa} with {threads} threads differs from scalar code on one");
            double scale = Math.Sqrt(depth);
            for (int i = 0; i < actual.Length; i++)
                Assert.That(actual[i], Is.EqualTo(expected[i]).Within(2e-6 * scale), $"{isa}, row {i / columns}, column {i % columns}");
        }
    }

    static float[] Run(
        Isa isa, int threads, float[] a, float[] b, float[] bias, float[] before, int rows, int columns, int depth, Epilogue epilogue)
    {
        Kernels kernels = Kernels.For(isa);
        using ThreadTeam team = new(threads);
        using TeamScratch scratch = new(threads, kernels.ScratchFloats(1, 16));
        int stride = Kernels.Padded(columns);
        using AlignedBuffer destination = new((long)rows * stride), paddedBias = new(stride);
        using GuardedFloats left = new(a.Length);
        float* guarded = left.Last(a.Length);
        a.CopyTo(new Span<float>(guarded, a.Length));
        bias.CopyTo(new Span<float>(paddedBias.Data, columns));
        for (int row = 0; row < rows; row++)
            before.AsSpan(row * columns, columns).CopyTo(new Span<float>(destination.Data + ((long)row * stride), columns));
        fixed (float* right = b)
        {
            using PackedMatrix packed = Packing.Pack(team, new ViewSource(new MatrixView(right, depth, columns)), kernels.PanelWidth, PackedFormat.Float);
            kernels.Gemm(
                team, scratch, new MatrixView(guarded, rows, depth), packed, paddedBias.Data, epilogue, default,
                new MatrixView(destination.Data, rows, columns, stride));
        }
        float[] result = new float[rows * columns];
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<float>(destination.Data + ((long)row * stride), columns).CopyTo(result.AsSpan(row * columns));
        return result;
    }

    static double[] Oracle(float[] a, float[] b, float[] bias, float[] before, int rows, int columns, int depth, Epilogue epilogue)
    {
        double[] c = new double[rows * columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < depth; k++)
                    sum += (double)a[(i * depth) + k] * b[(k * columns) + j];
                double x = sum + bias[j];
                c[(i * columns) + j] = epilogue switch
                {
                    Epilogue.Store => sum,
                    Epilogue.Bias => x,
                    Epilogue.BiasResidual => before[(i * columns) + j] + x,
                    Epilogue.BiasQuickGelu => x / (1 + Math.Exp(-1.702 * x)),
                    // Abramowitz and Stegun's 7.1.26 would be too coarse: the integral by Simpson's rule instead.
                    Epilogue.BiasGelu => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
                    _ => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
                };
            }
        return c;
    }

    static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        const int Steps = 400;
        double h = x / Steps, sum = 1 + Math.Exp(-x * x);
        for (int i = 1; i < Steps; i++)
            sum += (i % 2 == 1 ? 4 : 2) * Math.Exp(-(i * h) * (i * h));
        return sum * h / 3 * 2 / Math.Sqrt(Math.PI);
    }

    static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
}

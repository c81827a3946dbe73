using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Tests.Oracle;
using ClipCore.Threads;

namespace ClipCore.Tests.Numerics;

/// <summary>Attention at many numbers of tokens and head widths, causal or not, against a naive one in double; equal bits for every width.</summary>
sealed unsafe class AttentionTests
{
    [Test]
    public void EveryTokenCount([Range(1, 35)] int tokens, [Values] bool causal) => Check([tokens], heads: 2, headWidth: 8, causal);

    [TestCase(50)]
    [TestCase(77)]
    [TestCase(197)]
    public void TokensOfRealModels(int tokens) => Check([tokens], heads: 2, headWidth: 64, causal: tokens == 77);

    // Longer than one chain of additions; causal, where how much a tile sees depends on its height.
    [Test]
    public void LongSequences([Values(865, 900, 1730)] int tokens, [Values] bool causal) => Check([tokens], heads: 1, headWidth: 8, causal);

    [Test]
    public void EveryHeadWidth([Values(1, 3, 8, 16, 20, 33, 64, 80, 88)] int headWidth) => Check([19], heads: 3, headWidth, causal: false);

    [Test]
    public void SequencesOfManyLengths([Values] bool causal) => Check([5, 1, 17, 9, 32], heads: 2, headWidth: 12, causal);

    static void Check(int[] lengths, int heads, int headWidth, bool causal)
    {
        int rows = lengths.Sum(), width = heads * headWidth;
        Random random = new(rows + headWidth);
        float[] q = Floats(random, rows * width), k = Floats(random, rows * width), v = Floats(random, rows * width);
        double[] expected = Oracle(q, k, v, lengths, heads, headWidth, causal);
        int[]? bits = null;
        foreach (Isa isa in Widths.All)
        {
            float[] z = Run(isa, q, k, v, lengths, heads, headWidth, causal);
            int[] got = [.. z.Select(BitConverter.SingleToInt32Bits)];
            Assert.That(got, Is.EqualTo(bits ??= got), $"{isa} differs from scalar code");
        }
        for (int i = 0; i < expected.Length; i++)
            Assert.That(BitConverter.Int32BitsToSingle(bits![i]), Is.EqualTo(expected[i]).Within(3e-6), $"row {i / width}, column {i % width}");
    }

    static float[] Run(Isa isa, float[] q, float[] k, float[] v, int[] lengths, int heads, int headWidth, bool causal)
    {
        Kernels kernels = Kernels.For(isa);
        int rows = lengths.Sum(), width = heads * headWidth, stride = Kernels.Padded(width);
        using ThreadTeam team = new(2);
        using TeamScratch scratch = new(2, kernels.ScratchFloats(lengths.Max(), headWidth));
        using AlignedBuffer buffer = new(4L * rows * stride);
        MatrixView[] views = new MatrixView[4];
        for (int i = 0; i < 4; i++)
            views[i] = new MatrixView(buffer.Data + ((long)i * rows * stride), rows, width, stride);
        float[][] sources = [q, k, v];
        for (int i = 0; i < 3; i++)
            for (int row = 0; row < rows; row++)
                sources[i].AsSpan(row * width, width).CopyTo(new Span<float>(views[i].Row(row), width));
        int[] starts = new int[lengths.Length + 1], pooled = new int[lengths.Length];
        for (int s = 0; s < lengths.Length; s++)
            starts[s + 1] = starts[s] + lengths[s];
        fixed (int* starting = starts, pool = pooled)
            kernels.Attention(
                team, scratch, views[0], views[1], views[2], new Sequences(lengths.Length, starting, pool, lengths.Max()), heads, causal, false, default,
                views[3]);
        float[] z = new float[rows * width];
        for (int row = 0; row < rows; row++)
            views[3].RowSpan(row).CopyTo(z.AsSpan(row * width));
        return z;
    }

    static double[] Oracle(float[] q, float[] k, float[] v, int[] lengths, int heads, int headWidth, bool causal)
    {
        int width = heads * headWidth, start = 0;
        double[] z = new double[q.Length];
        foreach (int length in lengths)
        {
            for (int head = 0; head < heads; head++)
                for (int i = 0; i < length; i++)
                {
                    int visible = causal ? i + 1 : length;
                    double[] scores = new double[visible];
                    for (int j = 0; j < visible; j++)
                        for (int c = 0; c < headWidth; c++)
                            scores[j] += q[At(i, head, c)] / Math.Sqrt(headWidth) * k[At(j, head, c)];
                    double largest = scores.Max(), sum = scores.Sum(score => Math.Exp(score - largest));
                    for (int j = 0; j < visible; j++)
                        for (int c = 0; c < headWidth; c++)
                            z[At(i, head, c)] += Math.Exp(scores[j] - largest) / sum * v[At(j, head, c)];
                }
            start += length;

            int At(int token, int head, int c) => ((start + token) * width) + (head * headWidth) + c;
        }
        return z;
    }

    static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
}

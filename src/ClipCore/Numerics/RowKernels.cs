using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>Operations on one row of floats. Tails run through the scalar lanes: the same operations, the same bits.</summary>
static unsafe class RowKernels
{
    /// <summary>destination = (x − μ)/σ · gain + bias; returns μ and 1/σ. In place is fine.</summary>
    public static LayerNormStats LayerNorm<TLanes, TVec>(float* x, float* gain, float* bias, int length, float epsilon, float* destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        // The mean of a constant row would be off by a rounding, which 1/σ = 1/√ε magnifies; the differences to it are exact and say by how much.
        float mean = Reductions.Sum<TLanes, TVec>(x, length) / length;
        mean += Reductions.SumOfDifferences<TLanes, TVec>(x, length, mean) / length;
        float variance = Reductions.SumOfSquares<TLanes, TVec>(x, length, mean) / length;
        LayerNormStats stats = new() { Mean = mean, InverseSigma = 1f / MathF.Sqrt(variance + epsilon) };

        TVec m = TLanes.Fill(stats.Mean), s = TLanes.Fill(stats.InverseSigma);
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(Normalize<TLanes, TVec>(TLanes.Load(x + i), m, s, TLanes.Load(gain + i), TLanes.Load(bias + i)), destination + i);
        for (; i < length; i++)
            destination[i] = Normalize<Lanes1, float>(x[i], stats.Mean, stats.InverseSigma, gain[i], bias[i]);
        return stats;
    }

    /// <summary>x = exp(x − max x) / Σ exp(x − max x), in place.</summary>
    public static void Softmax<TLanes, TVec>(float* x, int length) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        float largest = Reductions.Max<TLanes, TVec>(x, length);
        TVec m = TLanes.Fill(largest);
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(Elementary.Exp<TLanes, TVec>(TLanes.Subtract(TLanes.Load(x + i), m)), x + i);
        for (; i < length; i++)
            x[i] = Elementary.Exp<Lanes1, float>(x[i] - largest);

        float sum = Reductions.Sum<TLanes, TVec>(x, length);
        TVec d = TLanes.Fill(sum);
        for (i = 0; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.Divide(TLanes.Load(x + i), d), x + i);
        for (; i < length; i++)
            x[i] /= sum;
    }

    /// <summary>
    /// <see cref="Softmax"/> of several rows, to the same bits; values after a row's length, up to the next multiple of sixteen, become zero.
    /// </summary>
    /// <param name="x">The rows, in place.</param>
    /// <param name="stride">Floats from one row to the next: room for sixteen after each.</param>
    /// <param name="rows">At most <see cref="GemmTile.MaxRows"/>.</param>
    /// <param name="length">Length of the first row.</param>
    /// <param name="growth">How much longer each row is than the one before.</param>
    public static void SoftmaxRows<TLanes, TVec>(float* x, int stride, int rows, int length, int growth)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        // Step by step over all rows and not row by row: the steps' long chains of dependent operations then run side by side.
        float* largest = stackalloc float[GemmTile.MaxRows];
        float* lanes = stackalloc float[Reductions.VirtualLanes * GemmTile.MaxRows];
        for (int row = 0; row < rows; row++)
        {
            float* values = x + (row * stride), sums = lanes + (row * Reductions.VirtualLanes);
            int end = length + (row * growth), padded = Padded(end);
            for (int i = end; i < padded; i += TLanes.Count)
                TLanes.Store(TLanes.Fill(float.NegativeInfinity), values + i);
            TVec m = TLanes.Load(values);
            for (int i = TLanes.Count; i < padded; i += TLanes.Count)
                m = TLanes.Max(TLanes.Load(values + i), m);
            TLanes.Store(m, sums);
            largest[row] = LaneTree.Max(sums, TLanes.Count);
        }

        for (int row = 0; row < rows; row++)
        {
            float* values = x + (row * stride), sums = lanes + (row * Reductions.VirtualLanes);
            int padded = Padded(length + (row * growth));
            TVec m = TLanes.Fill(largest[row]);
            for (int j = 0; j < Reductions.VirtualLanes; j += TLanes.Count)
                TLanes.Store(TLanes.Zero, sums + j);
            for (int i = 0; i < padded; i += Reductions.VirtualLanes)
                for (int j = 0; j < Reductions.VirtualLanes; j += TLanes.Count)
                {
                    TVec e = Elementary.Exp<TLanes, TVec>(TLanes.Subtract(TLanes.Load(values + i + j), m));
                    TLanes.Store(e, values + i + j);
                    TLanes.Store(TLanes.Add(TLanes.Load(sums + j), e), sums + j);
                }
        }

        for (int row = 0; row < rows; row++)
        {
            float* values = x + (row * stride);
            int padded = Padded(length + (row * growth));
            TVec sum = TLanes.Fill(LaneTree.Sum(lanes + (row * Reductions.VirtualLanes)));
            for (int i = 0; i < padded; i += TLanes.Count)
                TLanes.Store(TLanes.Divide(TLanes.Load(values + i), sum), values + i);
        }

        static int Padded(int count) => (count + Reductions.VirtualLanes - 1) / Reductions.VirtualLanes * Reductions.VirtualLanes;
    }

    /// <summary>destination = x · factor</summary>
    public static void Multiply<TLanes, TVec>(float* x, float factor, int length, float* destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        TVec f = TLanes.Fill(factor);
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.Multiply(TLanes.Load(x + i), f), destination + i);
        for (; i < length; i++)
            destination[i] = x[i] * factor;
    }

    /// <summary>destination += x</summary>
    public static void Add<TLanes, TVec>(float* x, int length, float* destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.Add(TLanes.Load(destination + i), TLanes.Load(x + i)), destination + i);
        for (; i < length; i++)
            destination[i] += x[i];
    }

    /// <summary>√Σ x²</summary>
    public static float Norm<TLanes, TVec>(float* x, int length) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        MathF.Sqrt(Reductions.SumOfSquares<TLanes, TVec>(x, length, 0));

    static TVec Normalize<TLanes, TVec>(TVec x, TVec mean, TVec inverseSigma, TVec gain, TVec bias)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        TLanes.MultiplyAdd(TLanes.Multiply(TLanes.Subtract(x, mean), inverseSigma), gain, bias);
}

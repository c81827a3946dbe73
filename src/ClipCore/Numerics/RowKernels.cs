using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>The two numbers that turn a LayerNorm into an affine map of its input.</summary>
struct LayerNormStats
{
    /// <summary>μ: the mean of the row.</summary>
    public float Mean;

    /// <summary>1/σ with σ = √(variance + ε).</summary>
    public float InverseSigma;
}

/// <summary>Operations on one row of floats. Tails run through the scalar lanes: the same operations, the same bits.</summary>
static unsafe class RowKernels
{
    /// <summary>destination = (x − μ)/σ · gain + bias; returns μ and 1/σ. In place is fine.</summary>
    public static LayerNormStats LayerNorm<TLanes, TVec>(float* x, float* gain, float* bias, int length, float epsilon, float* destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        float mean = Reductions.Sum<TLanes, TVec>(x, length) / length;
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

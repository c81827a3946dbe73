namespace ClipCore.Numerics;

/// <summary>Sums over short vectors in double precision, term after term in order: what scores are made of.</summary>
static class OrderedSums
{
    /// <summary>Σ a b</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    /// <summary>Σ (a − centre) (b − centre)</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<double> center)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - center[i]) * (b[i] - center[i]);
        return sum;
    }

    /// <summary>√ Σ (a − centre)²</summary>
    public static double Length(ReadOnlySpan<float> a, ReadOnlySpan<double> center) => Math.Sqrt(Dot(a, a, center));
}

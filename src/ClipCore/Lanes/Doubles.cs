using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ClipCore.Lanes;

/// <summary>
/// The few operations on rows of doubles that statistics spend their time in; products and sums are rounded one by one, in an order that no machine changes.
/// </summary>
static class Doubles
{
    /// <summary>destination += factor · x</summary>
    public static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> destination)
    {
        Debug.Assert(x.Length == destination.Length);
        ref double source = ref MemoryMarshal.GetReference(x), target = ref MemoryMarshal.GetReference(destination);
        Vector256<double> f = Vector256.Create(factor);
        int i = 0;
        for (; i <= x.Length - 4; i += 4)
            (Vector256.LoadUnsafe(ref target, (nuint)i) + (f * Vector256.LoadUnsafe(ref source, (nuint)i))).StoreUnsafe(ref target, (nuint)i);
        for (; i < x.Length; i++)
            destination[i] += factor * x[i];
    }

    /// <inheritdoc cref="AddScaled(ReadOnlySpan{double}, double, Span{double})"/>
    public static void AddScaled(ReadOnlySpan<float> x, double factor, Span<double> destination)
    {
        Debug.Assert(x.Length == destination.Length);
        ref float source = ref MemoryMarshal.GetReference(x);
        ref double target = ref MemoryMarshal.GetReference(destination);
        Vector256<double> f = Vector256.Create(factor);
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, (nuint)i));
            (Vector256.LoadUnsafe(ref target, (nuint)i) + (f * lower)).StoreUnsafe(ref target, (nuint)i);
            (Vector256.LoadUnsafe(ref target, (nuint)i + 4) + (f * upper)).StoreUnsafe(ref target, (nuint)i + 4);
        }
        for (; i < x.Length; i++)
            destination[i] += factor * x[i];
    }

    /// <summary>Σ a b in four sums, the rest in the first.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Debug.Assert(a.Length == b.Length);
        ref double left = ref MemoryMarshal.GetReference(a), right = ref MemoryMarshal.GetReference(b);
        Vector256<double> sums = Vector256<double>.Zero;
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
            sums += Vector256.LoadUnsafe(ref left, (nuint)i) * Vector256.LoadUnsafe(ref right, (nuint)i);
        double first = sums[0];
        for (; i < a.Length; i++)
            first += a[i] * b[i];
        return (first + sums[1]) + (sums[2] + sums[3]);
    }
}

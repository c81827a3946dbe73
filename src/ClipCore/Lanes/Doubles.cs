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

    /// <summary>Turns two rows in their plane: x becomes c x − s y, and y becomes s x + c y.</summary>
    public static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        Debug.Assert(x.Length == y.Length);
        ref double first = ref MemoryMarshal.GetReference(x), second = ref MemoryMarshal.GetReference(y);
        Vector256<double> cosine = Vector256.Create(c), sine = Vector256.Create(s);
        int i = 0;
        for (; i <= x.Length - 4; i += 4)
        {
            Vector256<double> a = Vector256.LoadUnsafe(ref first, (nuint)i), b = Vector256.LoadUnsafe(ref second, (nuint)i);
            ((cosine * a) - (sine * b)).StoreUnsafe(ref first, (nuint)i);
            ((sine * a) + (cosine * b)).StoreUnsafe(ref second, (nuint)i);
        }
        for (; i < x.Length; i++)
            (x[i], y[i]) = ((c * x[i]) - (s * y[i]), (s * x[i]) + (c * y[i]));
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

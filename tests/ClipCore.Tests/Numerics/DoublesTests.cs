using ClipCore.Lanes;

namespace ClipCore.Tests.Numerics;

/// <summary>Rows of doubles: the registers' bits are those of the plain loops that they stand for, at every remainder.</summary>
sealed class DoublesTests
{
    [Test]
    public void Dot_HasTheBitsOfFourSums([Range(0, 19)] int length)
    {
        (double[] a, double[] b) = (Values(length, 1), Values(length, 2));
        double[] sums = new double[4];
        int whole = length / 4 * 4;
        for (int i = 0; i < whole; i++)
            sums[i % 4] += a[i] * b[i];
        for (int i = whole; i < length; i++)
            sums[0] += a[i] * b[i];
        Assert.That(BitConverter.DoubleToInt64Bits(Doubles.Dot(a, b)), Is.EqualTo(BitConverter.DoubleToInt64Bits((sums[0] + sums[1]) + (sums[2] + sums[3]))));
    }

    [Test]
    public void AddScaled_RoundsProductAndSum([Range(0, 19)] int length)
    {
        (double[] x, double[] y) = (Values(length, 3), Values(length, 4));
        double[] expected = [.. y.Zip(x, (sum, value) => sum + (0.1 * value))];
        Doubles.AddScaled(x, 0.1, y);
        Assert.That(y.Select(BitConverter.DoubleToInt64Bits), Is.EqualTo(expected.Select(BitConverter.DoubleToInt64Bits)));
    }

    [Test]
    public void AddScaled_OfFloats_RoundsProductAndSum([Range(0, 19)] int length)
    {
        float[] x = [.. Values(length, 5).Select(value => (float)value)];
        double[] y = Values(length, 6);
        double[] expected = [.. y.Zip(x, (sum, value) => sum + (0.1 * value))];
        Doubles.AddScaled(x, 0.1, y);
        Assert.That(y.Select(BitConverter.DoubleToInt64Bits), Is.EqualTo(expected.Select(BitConverter.DoubleToInt64Bits)));
    }

    [Test]
    public unsafe void BFloat16_WidensExactly([Range(0, 33)] int count)
    {
        ushort[] source = [.. Enumerable.Range(0, count).Select(i => (ushort)(i * 7919))];
        float[] found = new float[count];
        fixed (ushort* from = source)
        fixed (float* to = found)
            BFloat16.Widen(from, count, to);
        Assert.That(found.Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(source.Select(bits => (uint)bits << 16)));
    }

    static double[] Values(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
    }
}

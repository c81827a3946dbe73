using ClipCore.Lanes;
using ClipCore.Numerics;
using ClipCore.Tests.Oracle;

namespace ClipCore.Tests.Numerics;

/// <summary>
/// exp and tanh: at most 2 units in the last place from the truth over a dense sweep (the logistic function: 2.5, since the errors of exp, sum and quotient
/// meet in it), monotone, and with the scalar lanes' bits for every width. The normal distribution function: 2 units where x is positive; its lower tail, an
/// exponential of up to −30 in single precision, in relative terms.
/// </summary>
sealed unsafe class ElementaryTests
{
    const double Bound = 2, SigmoidBound = 2.5, NormalTailBound = 5e-6;
    const int Block = 1 << 12;

    readonly struct ExpRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination) where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            for (int i = 0; i < length; i += TLanes.Count)
                TLanes.Store(Elementary.Exp<TLanes, TVec>(TLanes.Load(x + i)), destination + i);
        }
    }

    readonly struct NormalRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination) where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            for (int i = 0; i < length; i += TLanes.Count)
                TLanes.Store(Elementary.NormalDistribution<TLanes, TVec>(TLanes.Load(x + i)), destination + i);
        }
    }

    readonly struct TanhRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination) where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            for (int i = 0; i < length; i += TLanes.Count)
                TLanes.Store(Elementary.Tanh<TLanes, TVec>(TLanes.Load(x + i)), destination + i);
        }
    }

    readonly struct SigmoidRow : IRowOperation
    {
        public static void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination) where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            for (int i = 0; i < length; i += TLanes.Count)
                TLanes.Store(Elementary.Sigmoid<TLanes, TVec>(TLanes.Load(x + i)), destination + i);
        }
    }

    [Test]
    public void Exp_IsWithinTwoUlps() => Sweep<ExpRow>(Math.Exp, -104f, 88.7f);

    [Test]
    public void NormalDistribution_IsWithinTwoUlpsWherePositive() => Sweep<NormalRow>(Normal, 0f, 6f, monotone: false);

    [Test]
    public void NormalDistribution_TailIsWithinItsRelativeBound() =>
        Sweep<NormalRow>(Normal, -6f, 0f, NormalTailBound, monotone: false, (found, truth) => Math.Abs(found - truth) / truth);

    [Test]
    public void Tanh_IsWithinTwoUlps() => Sweep<TanhRow>(Math.Tanh, -12f, 12f);

    [Test]
    public void Sigmoid_IsWithinItsBound() => Sweep<SigmoidRow>(x => 1 / (1 + Math.Exp(-x)), -80f, 80f, SigmoidBound);

    [Test]
    public void SpecialValues_AreTheFunctionsOwn()
    {
        float[] inputs = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, 1e-39f, float.MaxValue,
            float.MinValue, 89f, -110f, 20f, -20f, 1f, -1f];
        float[] exp = Values<ExpRow>(inputs), normal = Values<NormalRow>(inputs), tanh = Values<TanhRow>(inputs), sigmoid = Values<SigmoidRow>(inputs);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((exp[0], exp[1], exp[2], exp[3], exp[4], exp[10], exp[11]),
                Is.EqualTo((float.NaN, float.PositiveInfinity, 0f, 1f, 1f, float.PositiveInfinity, 0f)));
            Assert.That((normal[0], normal[1], normal[3], normal[4], normal[12]), Is.EqualTo((float.NaN, 1f, 0.5f, 0.5f, 1f)));
            Assert.That((tanh[0], tanh[1], tanh[2], tanh[12], tanh[13]), Is.EqualTo((float.NaN, 1f, -1f, 1f, -1f)));
            Assert.That((sigmoid[0], sigmoid[1], sigmoid[2], sigmoid[3]), Is.EqualTo((float.NaN, 1f, 0f, 0.5f)));
            Assert.That(BitConverter.SingleToInt32Bits(tanh[4]), Is.EqualTo(BitConverter.SingleToInt32Bits(-0f)));
        }
    }

    static float[] Values<TOperation>(float[] inputs) where TOperation : struct, IRowOperation
    {
        float[]? first = null;
        foreach (Isa isa in Widths.All)
        {
            float[] results = new float[inputs.Length];
            fixed (float* x = inputs, d = results)
                Widths.Run<TOperation>(isa, x, null, null, inputs.Length, d);
            first ??= results;
            Assert.That(results.Select(Widths.Bits), Is.EqualTo(first.Select(Widths.Bits)), $"{typeof(TOperation).Name}, {isa}");
        }
        return first!;
    }

    /// <summary>Every 997th float between the bounds, two million of them; the oracle is good to a few units of double.</summary>
    static void Sweep<TOperation>(Func<double, double> oracle, float from, float to, double bound = Bound, bool monotone = true,
        Func<float, double, double>? error = null) where TOperation : struct, IRowOperation
    {
        const int Stride = 997;
        float[] inputs = new float[Block], results = new float[Block], scalar = new float[Block];
        double worst = 0;
        float worstAt = 0, last = float.NegativeInfinity;
        int at = Order(from), end = Order(to);
        fixed (float* x = inputs, d = results, s = scalar)
            while (at <= end)
            {
                for (int i = 0; i < Block; i++, at += Stride)
                    inputs[i] = FromOrder(Math.Min(at, end));
                Widths.Run<TOperation>(Isa.Scalar, x, null, null, Block, s);
                foreach (Isa isa in Widths.All)
                {
                    Widths.Run<TOperation>(isa, x, null, null, Block, d);
                    Assert.That(results.AsSpan().SequenceEqual(scalar), Is.True, $"{isa} differs from the scalar lanes near {inputs[0]}");
                }
                for (int i = 0; i < Block; i++)
                {
                    double ulps = (error ?? Widths.Ulps)(scalar[i], oracle(inputs[i]));
                    if (ulps > worst)
                        (worst, worstAt) = (ulps, inputs[i]);
                    if (monotone)
                        Assert.That(scalar[i], Is.GreaterThanOrEqualTo(last), $"falls at {inputs[i]}");
                    last = scalar[i];
                }
            }
        TestContext.Out.WriteLine(
            FormattableString.Invariant($"{typeof(TOperation).Name}: at most {worst:0.000e+0}{(error == null ? " ulp" : "")}, at {worstAt}"));
        Assert.That(worst, Is.LessThanOrEqualTo(bound), $"at {worstAt}");
    }

    /// <summary>Floats in their order as whole numbers.</summary>
    static int Order(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : int.MinValue - bits;
    }

    static float FromOrder(int order) => BitConverter.Int32BitsToSingle(order >= 0 ? order : int.MinValue - order);

    /// <summary>erf by its Taylor series, or the continued fraction of erfc: 1e-15 and better.</summary>
    /// <summary>Φ(x) = ½ erfc(−x/√2): the series of erf near zero, the continued fraction of erfc in the tail.</summary>
    static double Normal(double x)
    {
        double t = Math.Abs(x) / Math.Sqrt(2), tail;
        if (t < 2.5)
        {
            double term = t, sum = t;
            for (int n = 1; n < 200 && Math.Abs(term) > 1e-18 * sum; n++)
            {
                term *= -t * t / n;
                sum += term / ((2 * n) + 1);
            }
            tail = 0.5 - (sum / Math.Sqrt(Math.PI));
        }
        else
        {
            double fraction = 0;
            for (int n = 200; n > 0; n--)
                fraction = n / 2.0 / (t + fraction);
            tail = Math.Exp(-t * t) / Math.Sqrt(Math.PI) / (t + fraction) / 2;
        }
        return x < 0 ? tail : 1 - tail;
    }
}

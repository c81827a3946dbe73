using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>
/// exp, tanh, the logistic and the normal distribution function from fused multiply-adds: the same operations in the same order for every
/// width, so the same bits everywhere. exp and tanh are within 2 units in the last place of the true value, the logistic function within
/// 2.5; the normal distribution function within 2 where x is positive, within 5 parts in a million of its tail where x is negative.
/// </summary>
/// <remarks>
/// The coefficients are minimax fits of our own (Remez exchange or Lawson's weights, then rounded to float); the interval and the fit's error
/// stand beside each.
/// </remarks>
static class Elementary
{
    /// <summary>eˣ; 0 below −104, infinite above 88.73, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Exp<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        // The clamps keep NaN: comparisons with it are false and return the second argument.
        x = TLanes.Max(TLanes.Fill(-105f), x);
        x = TLanes.Min(TLanes.Fill(89.5f), x);

        // x = n ln 2 + r with |r| <= ln 2 / 2; adding 1.5 · 2²³ rounds to a whole number.
        TVec magic = TLanes.Fill(12582912f);
        TVec n = TLanes.Subtract(TLanes.MultiplyAdd(x, TLanes.Fill(1.44269504f), magic), magic);
        TVec r = TLanes.NegatedMultiplyAdd(n, TLanes.Fill(0.693359375f), x);
        r = TLanes.NegatedMultiplyAdd(n, TLanes.Fill(-2.12194440e-4f), r);

        // eʳ = 1 + r + r² q(r), q of degree 5: relative error 5.3e-11 over |r| <= 0.3466.
        TVec r2 = TLanes.Multiply(r, r);
        TVec q01 = TLanes.MultiplyAdd(TLanes.Fill(0.166666657f), r, TLanes.Fill(0.5f));
        TVec q23 = TLanes.MultiplyAdd(TLanes.Fill(0.00833349768f), r, TLanes.Fill(0.0416662954f));
        TVec q45 = TLanes.MultiplyAdd(TLanes.Fill(0.000197899601f), r, TLanes.Fill(0.00139446568f));
        TVec q = TLanes.MultiplyAdd(TLanes.MultiplyAdd(q45, r2, q23), r2, q01);
        TVec p = TLanes.Add(TLanes.MultiplyAdd(r2, q, r), TLanes.Fill(1f));

        // 2ⁿ in two factors: n reaches −151 and 129, past the exponents of normal floats.
        TVec half = TLanes.Subtract(TLanes.MultiplyAdd(n, TLanes.Fill(0.5f), magic), magic);
        p = TLanes.Multiply(p, TLanes.PowerOfTwo(half));
        return TLanes.Multiply(p, TLanes.PowerOfTwo(TLanes.Subtract(n, half)));
    }

    /// <summary>Φ(x) = ½ erfc(−x/√2), the distribution function of the normal distribution; constant below −6 and above 6.</summary>
    /// <remarks>One tail serves both sides, so that nothing cancels where x is negative.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec NormalDistribution<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        // The clamp keeps NaN: comparisons with it are false and return the second argument.
        TVec t = TLanes.Min(TLanes.Fill(6f), TLanes.Xor(x, TLanes.And(x, TLanes.Fill(-0f))));

        // Φ(−t) = 2^q(t), q of degree 11: error 2.7e-9 of the greater of 1 − Φ(−t) and a hundredth, over 0 <= t <= 6.
        // In pairs (Estrin's scheme): a chain of eleven would leave the ports idle.
        TVec t2 = TLanes.Multiply(t, t), t4 = TLanes.Multiply(t2, t2);
        TVec q01 = TLanes.MultiplyAdd(TLanes.Fill(-1.1511042f), t, TLanes.Fill(-1f));
        TVec q23 = TLanes.MultiplyAdd(TLanes.Fill(-0.052426554f), t, TLanes.Fill(-0.4592227f));
        TVec q45 = TLanes.MultiplyAdd(TLanes.Fill(5.494375e-05f), t, TLanes.Fill(0.006906339f));
        TVec q67 = TLanes.MultiplyAdd(TLanes.Fill(9.532147e-05f), t, TLanes.Fill(-0.00032138408f));
        TVec q89 = TLanes.MultiplyAdd(TLanes.Fill(1.7037844e-06f), t, TLanes.Fill(-1.6145477e-05f));
        TVec qab = TLanes.MultiplyAdd(TLanes.Fill(2.8177591e-09f), t, TLanes.Fill(-1.0411808e-07f));
        TVec q = TLanes.MultiplyAdd(TLanes.MultiplyAdd(q67, t2, q45), t4, TLanes.MultiplyAdd(q23, t2, q01));
        q = TLanes.MultiplyAdd(TLanes.MultiplyAdd(qab, t2, q89), TLanes.Multiply(t4, t4), q);

        // q = n + f with |f| <= 1/2; adding 1.5 · 2²³ rounds to a whole number.
        TVec magic = TLanes.Fill(12582912f);
        TVec n = TLanes.Subtract(TLanes.Add(q, magic), magic), f = TLanes.Subtract(q, n);

        // 2ᶠ of degree 6: relative error 1.6e-8.
        TVec f2 = TLanes.Multiply(f, f);
        TVec p01 = TLanes.MultiplyAdd(TLanes.Fill(0.6931472f), f, TLanes.Fill(1f));
        TVec p23 = TLanes.MultiplyAdd(TLanes.Fill(0.055503324f), f, TLanes.Fill(0.24022648f));
        TVec p45 = TLanes.MultiplyAdd(TLanes.Fill(0.0013398875f), f, TLanes.Fill(0.009618437f));
        TVec p = TLanes.MultiplyAdd(TLanes.Fill(0.00015353362f), f2, p45);
        p = TLanes.MultiplyAdd(TLanes.MultiplyAdd(p, f2, p23), f2, p01);
        TVec tail = TLanes.Multiply(p, TLanes.PowerOfTwo(n));
        return TLanes.Select(TLanes.LessThan(x, TLanes.Zero), tail, TLanes.Subtract(TLanes.Fill(1f), tail));
    }

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Tanh<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        TVec sign = TLanes.And(x, TLanes.Fill(-0f)), t = TLanes.Xor(x, sign);

        // tanh x = x + x³ p(x²), p of degree 5: relative error 1.5e-10 over |x| <= 0.625.
        TVec s = TLanes.Multiply(x, x);
        TVec p = TLanes.Fill(0.00214752974f);
        p = TLanes.MultiplyAdd(p, s, TLanes.Fill(-0.00818266626f));
        p = TLanes.MultiplyAdd(p, s, TLanes.Fill(0.0217029639f));
        p = TLanes.MultiplyAdd(p, s, TLanes.Fill(-0.0539472029f));
        p = TLanes.MultiplyAdd(p, s, TLanes.Fill(0.133332103f));
        p = TLanes.MultiplyAdd(p, s, TLanes.Fill(-0.333333313f));
        // The sign anew: −0 would come out as 0.
        TVec small = TLanes.Or(TLanes.MultiplyAdd(TLanes.Multiply(x, s), p, x), sign);

        TVec one = TLanes.Fill(1f);
        TVec e = Exp<TLanes, TVec>(TLanes.Add(t, t));
        TVec large = TLanes.Or(TLanes.Subtract(one, TLanes.Divide(TLanes.Fill(2f), TLanes.Add(e, one))), sign);
        return TLanes.Select(TLanes.LessThan(TLanes.Fill(0.625f), t), large, small);
    }

    /// <summary>The logistic function 1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Sigmoid<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        TVec one = TLanes.Fill(1f);
        return TLanes.Divide(one, TLanes.Add(one, Exp<TLanes, TVec>(TLanes.Xor(x, TLanes.Fill(-0f)))));
    }
}

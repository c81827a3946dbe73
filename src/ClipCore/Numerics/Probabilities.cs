using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>Probabilities of a choice among candidates.</summary>
static class Probabilities
{
    /// <summary>Replaces logits with their softmax. Scalar lanes: one order of the sum for every machine.</summary>
    /// <param name="values">Logits, at least one; probabilities afterwards.</param>
    public static unsafe void FromLogits(Span<float> values)
    {
        fixed (float* x = values)
            RowKernels.Softmax<Lanes1, float>(x, values.Length);
    }
}

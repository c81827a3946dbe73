namespace ClipCore.Decomposition;

/// <summary>
/// A model gave a representation that is no direction: NaN, infinite or zero. Its weights are damaged, or an activation went out of the range of its
/// number format.
/// </summary>
public sealed class NonFiniteResultException : InvalidOperationException
{
    internal NonFiniteResultException(string kind, int index, string fault)
        : base(
            $"The model's result for {kind} {index} is unusable: {fault}. The weights that were loaded are all finite, so they are too large "
            + "or the input is extreme. Look at ClipModelOptions.Weights, where Single has the widest range, at the checkpoint and at the input.") =>
        Index = index;

    /// <summary>Which image or text of the call, counted from 0.</summary>
    public int Index { get; }
}

namespace ClipCore.Checkpoints;

/// <summary>A weight is NaN or infinite.</summary>
public sealed class NonFiniteWeightException : CheckpointException
{
    internal NonFiniteWeightException(string source, string tensor, long index)
        : base(source, $"the weight '{tensor}' is not finite at element {index}. The file is damaged or the training diverged.") { }
}

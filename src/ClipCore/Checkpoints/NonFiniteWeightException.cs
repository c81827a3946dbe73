namespace ClipCore.Checkpoints;

/// <summary>A weight is NaN or infinite, or a logit scale is too large or small for its exponential.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class NonFiniteWeightException : CheckpointException
{
    internal NonFiniteWeightException(string source, string tensor, long index)
        : this(source, $"the weight '{tensor}' is not finite at element {index}") { }

    internal NonFiniteWeightException(string source, string fault) : base(source, $"{fault}. The file is damaged or the training diverged.") { }
}

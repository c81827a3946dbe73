namespace ClipCore.Checkpoints;

/// <summary>The activation function is not known for sure, and a wrong one gives wrong numbers without any other sign.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class AmbiguousActivationException : CheckpointException
{
    internal AmbiguousActivationException(string source, string reason)
        : base(source, $"{reason} Say which one to use: gelu, quick_gelu or gelu_tanh (option Activation).") { }
}

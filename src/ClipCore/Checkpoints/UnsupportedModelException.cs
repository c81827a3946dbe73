namespace ClipCore.Checkpoints;

/// <summary>The model is recognised, but of a kind that is not supported.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class UnsupportedModelException : CheckpointException
{
    internal UnsupportedModelException(string source, string fault) : base(source, fault) { }
}

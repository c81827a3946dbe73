namespace ClipCore.Checkpoints;

/// <summary>There are no weights where they were looked for, or more than one candidate.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class WeightsNotFoundException : CheckpointException
{
    internal WeightsNotFoundException(string source, string fault) : base(source, fault) { }
}

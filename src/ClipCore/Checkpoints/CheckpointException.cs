namespace ClipCore.Checkpoints;

/// <summary>A model folder or file that can't be used; the message names it, says why and what to do.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public abstract class CheckpointException : IOException
{
    /// <summary>Names the file or folder before the fault.</summary>
    private protected CheckpointException(string source, string fault) : base($"{source}: {fault}") { }
}

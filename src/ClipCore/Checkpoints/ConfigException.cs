namespace ClipCore.Checkpoints;

/// <summary>A configuration file is malformed or holds values that fit no model.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class ConfigException : CheckpointException
{
    internal ConfigException(string source, string fault) : base(source, fault) { }
}

namespace ClipCore.Checkpoints;

/// <summary>A configuration file is malformed or holds values that fit no model.</summary>
public sealed class ConfigException : CheckpointException
{
    internal ConfigException(string source, string fault) : base(source, fault) { }
}

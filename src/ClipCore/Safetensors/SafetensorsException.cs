namespace ClipCore.Safetensors;

/// <summary>A safetensors file or shard index that breaks a rule of the format, or lacks what was asked for; the message names the file.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class SafetensorsException : IOException
{
    /// <param name="file">The file, which the message names first.</param>
    /// <param name="fault">The rule.</param>
    /// <param name="message">What is wrong, after the file's name.</param>
    /// <param name="tensor">The tensor at fault; null where it is none in particular.</param>
    internal SafetensorsException(string file, SafetensorsFault fault, string message, string? tensor = null) : base($"{file}: {message}") =>
        (File, Fault, Tensor) = (file, fault, tensor);

    /// <summary>The file's name as it was given.</summary>
    public string File { get; }

    /// <summary>The rule that is broken.</summary>
    public SafetensorsFault Fault { get; }

    /// <summary>The name of the tensor at fault; null where the fault is of the whole file.</summary>
    public string? Tensor { get; }
}

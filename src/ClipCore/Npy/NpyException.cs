namespace ClipCore.Npy;

/// <summary>A <c>.npy</c> file that can't be read; the message says what is wrong with which file.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class NpyException : IOException
{
    /// <summary>Names the file before the fault.</summary>
    internal NpyException(string file, string fault) : base($"{file}: {fault}") => File = file;

    /// <summary>The file's name as it was given.</summary>
    public string File { get; }
}

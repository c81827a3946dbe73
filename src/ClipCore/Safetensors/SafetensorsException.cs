namespace ClipCore.Safetensors;

/// <summary>A safetensors file that breaks a rule of the format. Each rule has its own type below.</summary>
public abstract class SafetensorsException : IOException
{
    /// <summary>Names the file before the fault.</summary>
    private protected SafetensorsException(string file, string fault) : base($"{file}: {fault}") => File = file;

    /// <summary>The file's name as it was given.</summary>
    public string File { get; }
}

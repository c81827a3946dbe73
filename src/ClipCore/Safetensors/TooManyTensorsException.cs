namespace ClipCore.Safetensors;

/// <summary>The header lists more tensors than are read.</summary>
public sealed class TooManyTensorsException : SafetensorsException
{
    internal TooManyTensorsException(string file, int limit) : base(file, $"lists more than {limit} tensors, the most that are read.") { }
}

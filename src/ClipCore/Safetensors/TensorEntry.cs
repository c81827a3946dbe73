using ClipCore.Files;

namespace ClipCore.Safetensors;

/// <summary>One tensor's entry in a header; offsets count from the end of the header.</summary>
readonly record struct TensorEntry(string Name, DType Type, long[] Shape, long Begin, long End);

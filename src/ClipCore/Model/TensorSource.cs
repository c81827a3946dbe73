using System.Buffers;
using System.Runtime.InteropServices;
using ClipCore.Files;
using ClipCore.Numerics;
using ClipCore.Safetensors;

namespace ClipCore.Model;

/// <summary>A mapped tensor as a matrix to pack: its first dimension by all others.</summary>
sealed class TensorSource(TensorView tensor) : IMatrixSource
{
    readonly int _elementBytes = tensor.ElementType.Bits() / 8;

    public int Rows { get; } = checked((int)tensor.Shape[0]);

    public int Columns { get; } = checked((int)(tensor.ElementCount / tensor.Shape[0]));

    public void Copy(int row, int column, Span<float> destination)
    {
        long first = (((long)row * Columns) + column) * _elementBytes;
        if (tensor.ElementType == DType.F32)
        {
            tensor.Read(first, MemoryMarshal.AsBytes(destination));
            return;
        }
        byte[] stored = ArrayPool<byte>.Shared.Rent(destination.Length * _elementBytes);
        Span<byte> bytes = stored.AsSpan(0, destination.Length * _elementBytes);
        tensor.Read(first, bytes);
        DTypes.ToSingle(tensor.ElementType, bytes, destination);
        ArrayPool<byte>.Shared.Return(stored);
    }
}

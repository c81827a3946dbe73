using System.Buffers;
using System.Runtime.InteropServices;
using ClipCore.Checkpoints;
using ClipCore.Files;
using ClipCore.Numerics;
using ClipCore.Safetensors;

namespace ClipCore.Model;

/// <summary>
/// A mapped tensor as a matrix to pack: its first dimension by all others. Every number that passes is looked at: one that is not finite, or would not be
/// in the format it is kept in, is refused.
/// </summary>
/// <param name="source">The file or folder, for messages.</param>
/// <param name="tensor">The tensor.</param>
/// <param name="format">What its numbers are kept in.</param>
sealed class TensorSource(string source, TensorView tensor, PackedFormat format) : IMatrixSource
{
    // The largest numbers that round to finite ones, as the bits of floats: comparisons of the bits' lower 31 catch NaN and infinity too.
    const uint LargestFloat = 0x7F7FFFFF, LargestHalf = 0x477FEFFF, LargestBFloat16 = 0x7F7F7FFF;

    readonly int _elementBytes = tensor.ElementType.Bits() / 8;

    readonly uint _largest = format switch
    {
        PackedFormat.Half => LargestHalf,
        PackedFormat.BFloat16 => LargestBFloat16,
        _ => LargestFloat,
    };

    public int Rows { get; } = checked((int)tensor.Shape[0]);

    public int Columns { get; } = checked((int)(tensor.ElementCount / tensor.Shape[0]));

    public void Copy(int row, int column, Span<float> destination)
    {
        long first = ((long)row * Columns) + column;
        if (tensor.ElementType == DType.F32)
        {
            tensor.Read(first * _elementBytes, MemoryMarshal.AsBytes(destination));
        }
        else
        {
            byte[] stored = ArrayPool<byte>.Shared.Rent(destination.Length * _elementBytes);
            Span<byte> bytes = stored.AsSpan(0, destination.Length * _elementBytes);
            tensor.Read(first * _elementBytes, bytes);
            DTypes.ToSingle(tensor.ElementType, bytes, destination);
            ArrayPool<byte>.Shared.Return(stored);
        }
        Check(destination, first);
    }

    void Check(ReadOnlySpan<float> values, long first)
    {
        uint worst = 0;
        foreach (float value in values)
            worst = Math.Max(worst, BitConverter.SingleToUInt32Bits(value) & 0x7FFFFFFF);
        if (worst <= _largest)
            return;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new NonFiniteWeightException(source, tensor.Name, first + i);
            if ((BitConverter.SingleToUInt32Bits(values[i]) & 0x7FFFFFFF) > _largest)
                throw new WeightRangeException(
                    source, tensor.Name, first + i, values[i], format == PackedFormat.Half ? "WeightFormat.Half" : "WeightFormat.BFloat16",
                    format == PackedFormat.Half ? "±65504" : "±3.39e38");
        }
    }
}

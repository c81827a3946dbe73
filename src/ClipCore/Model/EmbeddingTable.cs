using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ClipCore.Memory;
using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>Rows that are looked up, kept in the number format that they came in. [rows × columns]</summary>
sealed unsafe class EmbeddingTable(int rows, int columns, PackedFormat format) : IMatrixSource, IDisposable
{
    readonly AlignedBuffer _data = new(format == PackedFormat.Float ? (long)rows * columns : (((long)rows * columns) + 1) / 2);

    public int Rows => rows;

    public int Columns => columns;

    public PackedFormat Format => format;

    /// <summary>The bytes of some rows, to be filled once.</summary>
    public Span<byte> RowBytes(int first, int count)
    {
        int size = columns * (format == PackedFormat.Float ? sizeof(float) : sizeof(ushort));
        return new Span<byte>((byte*)_data.Data + ((long)first * size), checked(count * size));
    }

    public void Copy(int row, Span<float> destination) => Copy(row, 0, destination);

    public void Copy(int row, int column, Span<float> destination)
    {
        ReadOnlySpan<byte> bytes = RowBytes(row, 1);
        switch (format)
        {
            case PackedFormat.Float:
                MemoryMarshal.Cast<byte, float>(bytes).Slice(column, destination.Length).CopyTo(destination);
                break;
            case PackedFormat.Half:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes).Slice(column, destination.Length), destination);
                break;
            default:
                ReadOnlySpan<ushort> source = MemoryMarshal.Cast<byte, ushort>(bytes).Slice(column, destination.Length);
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
                break;
        }
    }

    public void Dispose() => _data.Dispose();
}

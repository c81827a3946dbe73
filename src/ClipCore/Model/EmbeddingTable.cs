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

    /// <summary>Bytes of native memory.</summary>
    public long ByteCount => _data.Length * sizeof(float);

    /// <summary>Sets a row, rounded to the table's format.</summary>
    public void SetRow(int row, ReadOnlySpan<float> values)
    {
        Span<byte> bytes = RowBytes(row);
        switch (format)
        {
            case PackedFormat.Float:
                values.CopyTo(MemoryMarshal.Cast<byte, float>(bytes));
                break;
            default:
                Packing.Narrow(values, format, MemoryMarshal.Cast<byte, ushort>(bytes));
                break;
        }
    }

    public void Copy(int row, Span<float> destination) => Copy(row, 0, destination);

    public void Copy(int row, int column, Span<float> destination)
    {
        ReadOnlySpan<byte> bytes = RowBytes(row);
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

    Span<byte> RowBytes(int row)
    {
        int size = columns * (format == PackedFormat.Float ? sizeof(float) : sizeof(ushort));
        return new Span<byte>((byte*)_data.Data + ((long)row * size), size);
    }

    public void Dispose() => _data.Dispose();
}

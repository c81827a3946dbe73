using ClipCore.Files;

namespace ClipCore.Safetensors;

/// <summary>A tensor where it lies in a mapped file; nothing is copied until asked for. Valid until its file is disposed.</summary>
/// <remarks>Safe for many threads until its file is disposed.</remarks>
public sealed class TensorView
{
    readonly MappedBytes _bytes;
    readonly long[] _shape;

    internal TensorView(MappedBytes bytes, string name, DType type, long[] shape, long offset)
    {
        (_bytes, Name, ElementType, _shape, Offset) = (bytes, name, type, shape, offset);
        ElementCount = 1;
        foreach (long dimension in shape)
            ElementCount *= dimension;
    }

    /// <summary>The tensor's name in the file.</summary>
    public string Name { get; }

    /// <summary>Type of the elements as stored.</summary>
    public DType ElementType { get; }

    /// <summary>Lengths of the dimensions, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Number of elements: the product of the shape.</summary>
    public long ElementCount { get; }

    /// <summary>First byte within the file. It need not be a multiple of the element size.</summary>
    internal long Offset { get; }

    /// <summary>Number of bytes.</summary>
    public long ByteLength => ElementCount * ElementType.Bits() / 8;

    /// <summary>The stored bytes; the span may not be used after the file is disposed.</summary>
    /// <exception cref="InvalidOperationException">There are more than 2³¹−1 bytes: take <see cref="Rows"/> first.</exception>
    public ReadOnlySpan<byte> Bytes => ByteLength <= int.MaxValue ? _bytes.Span(Offset, (int)ByteLength)
        : throw new InvalidOperationException($"Tensor '{Name}' has {ByteLength} bytes, more than a span can hold; take some of its rows.");

    /// <summary>Copies some of the stored bytes, without a page of the file's mapping staying in memory.</summary>
    internal void Read(long first, Span<byte> destination) => _bytes.Read(Offset + first, destination);

    /// <summary>Address of the first byte, for <see cref="ByteLength"/> bytes; not necessarily aligned.</summary>
    internal nint Address => _bytes.Address + (nint)Offset;

    /// <summary>A view of some rows: of a range of the first dimension.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rows do not lie within the tensor, or it is a scalar.</exception>
    /// <exception cref="InvalidOperationException">The elements are smaller than a byte and a row does not fill whole bytes.</exception>
    public TensorView Rows(long start, long count)
    {
        long rows = _shape.Length == 0 ? -1 : _shape[0];
        if (start < 0 || count < 0 || start > rows - count)
            throw new ArgumentOutOfRangeException(nameof(start), start,
                $"{count} rows from {start} on do not lie within tensor '{Name}' of shape {DescribeShape()}.");
        if (rows > 0 && ElementCount / rows * ElementType.Bits() % 8 != 0)
            throw new InvalidOperationException($"The rows of tensor '{Name}' do not begin at whole bytes.");
        long[] shape = [.. _shape];
        shape[0] = count;
        long rowBytes = rows == 0 ? 0 : ByteLength / rows;
        return new TensorView(_bytes, Name, ElementType, shape, Offset + start * rowBytes);
    }

    /// <summary>The same elements under another shape.</summary>
    /// <param name="shape">The new lengths; their product must stay the same.</param>
    /// <exception cref="ArgumentException">The product differs.</exception>
    public TensorView Reshape(params ReadOnlySpan<long> shape)
    {
        TensorView view = new(_bytes, Name, ElementType, shape.ToArray(), Offset);
        return view.ElementCount == ElementCount && !shape.ContainsAnyInRange(long.MinValue, -1) ? view
            : throw new ArgumentException($"Tensor '{Name}' of shape {DescribeShape()} can't be seen as {view.DescribeShape()}.", nameof(shape));
    }

    /// <summary>Converts all elements to floats: exact for F32, F16 and BF16; F64 and wide integers are rounded to nearest.</summary>
    /// <param name="destination">Receives exactly <see cref="ElementCount"/> values.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="NotSupportedException">The stored type is complex or a float of 8 bits or fewer.</exception>
    public void CopyTo(Span<float> destination)
    {
        CheckLength(destination.Length);
        DTypes.Convert(_bytes, Offset, ElementType, DTypes.ToSingle, destination);
    }

    /// <summary>Copies all elements of an integer tensor.</summary>
    /// <param name="destination">Receives exactly <see cref="ElementCount"/> values.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="NotSupportedException">The stored type is no integer.</exception>
    /// <exception cref="InvalidDataException">An unsigned integer is above 2⁶³−1.</exception>
    public void CopyTo(Span<long> destination)
    {
        CheckLength(destination.Length);
        try
        {
            DTypes.Convert(_bytes, Offset, ElementType, DTypes.ToInt64, destination);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"Tensor '{Name}' {fault.Message}", fault);
        }
    }

    /// <summary>All elements as floats; see <see cref="CopyTo(Span{float})"/>.</summary>
    public float[] ToSingles()
    {
        float[] values = new float[ElementCount];
        CopyTo(values);
        return values;
    }

    /// <summary>Writes the stored bytes.</summary>
    internal void WriteTo(Stream stream)
    {
        const int Piece = 1 << 20;
        for (long at = 0; at < ByteLength; at += Piece)
            stream.Write(_bytes.Span(Offset + at, (int)Math.Min(Piece, ByteLength - at)));
    }

    /// <summary>The shape as messages write it.</summary>
    internal string DescribeShape() => $"[{string.Join(", ", _shape)}]";

    void CheckLength(int length)
    {
        if (length != ElementCount)
            throw new ArgumentException($"Tensor '{Name}' has {ElementCount} elements; the destination has {length}.");
    }
}

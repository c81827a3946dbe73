using System.Runtime.InteropServices;
using ClipCore.Files;

namespace ClipCore.Npy;

/// <summary>
/// Writes a <c>.npy</c> file piece by piece; the number of rows may be found out on the way. Nothing appears at the path until
/// <see cref="Complete"/>.
/// </summary>
/// <typeparam name="T">float, Half, double, int, long, byte, sbyte or bool.</typeparam>
/// <remarks>For one thread at a time.</remarks>
public sealed class NpyWriter<T> : IDisposable where T : unmanaged
{
    readonly OutputFile _output;
    readonly long[] _shape;
    readonly long _rowLength = 1;
    readonly int _headerLength;
    long _written;

    /// <summary>Begins a file of shape [n, …].</summary>
    /// <param name="path">The file to write; an older one is replaced at the end.</param>
    /// <param name="rowShape">All dimensions but the first; empty for a one-dimensional array.</param>
    /// <exception cref="ArgumentException">A dimension is not positive.</exception>
    /// <exception cref="IOException">The folder is missing or can't be written.</exception>
    public NpyWriter(string path, params ReadOnlySpan<int> rowShape)
    {
        _shape = new long[rowShape.Length + 1];
        for (int i = 0; i < rowShape.Length; i++)
        {
            if (rowShape[i] < 1)
                throw new ArgumentException($"Dimension {i + 1} of a row is {rowShape[i]}; it must be positive.", nameof(rowShape));
            _shape[i + 1] = rowShape[i];
            _rowLength = checked(_rowLength * rowShape[i]);
        }
        byte[] header = NpyHeader.Format(NpyHeader.TypeOf<T>(), _shape);
        _headerLength = header.Length;
        _output = new OutputFile(path);
        _output.Stream.Write(header);
    }

    /// <summary>Whole rows written so far.</summary>
    public long RowCount => _written / _rowLength;

    /// <summary>Appends elements; a row may come in several pieces.</summary>
    /// <param name="elements">The next elements in C order.</param>
    public void Write(ReadOnlySpan<T> elements)
    {
        WriteBytes(_output.Stream, elements);
        _written += elements.Length;
    }

    /// <summary>Puts the number of rows into the header and the file into place.</summary>
    /// <exception cref="InvalidOperationException">The last row is incomplete.</exception>
    public void Complete()
    {
        if (_written % _rowLength != 0)
            throw new InvalidOperationException($"{_written} elements were written, no whole number of rows of {_rowLength}.");
        _shape[0] = RowCount;
        byte[] header = NpyHeader.Format(NpyHeader.TypeOf<T>(), _shape);
        if (header.Length != _headerLength)
            throw new InvalidOperationException("The header outgrew its place.");
        _output.Stream.Position = 0;
        _output.Stream.Write(header);
        _output.Commit();
    }

    /// <summary>Discards the file unless <see cref="Complete"/> was called.</summary>
    public void Dispose() => _output.Dispose();

    internal static void WriteBytes(Stream stream, ReadOnlySpan<T> elements)
    {
        // A span of more than 2³¹−1 bytes has no byte view.
        const int ChunkLength = 1 << 20;
        for (; elements.Length > ChunkLength; elements = elements[ChunkLength..])
            stream.Write(MemoryMarshal.AsBytes(elements[..ChunkLength]));
        stream.Write(MemoryMarshal.AsBytes(elements));
    }
}

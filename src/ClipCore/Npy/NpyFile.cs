using ClipCore.Files;

namespace ClipCore.Npy;

/// <summary>
/// A memory-mapped <c>.npy</c> file (versions 1.0 and 2.0, little-endian, C order) of any size: rows are read one range at a
/// time. The static methods read or write a whole array at once.
/// </summary>
/// <remarks>Safe for many threads until it is disposed, which must wait for all of them.</remarks>
public sealed class NpyFile : IDisposable
{
    readonly MappedBytes _bytes;
    readonly NpyHeader _header;
    readonly string _path;

    NpyFile(string path, MappedBytes bytes, NpyHeader header)
    {
        (_path, _bytes, _header) = (path, bytes, header);
        RowLength = 1;
        foreach (long dimension in header.Shape.AsSpan(Math.Min(1, header.Shape.Length)))
            RowLength *= dimension;
    }

    /// <summary>Lengths of the dimensions, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _header.Shape;

    /// <summary>Type of the elements as stored.</summary>
    public DType ElementType => _header.Type;

    /// <summary>Length of the first dimension; 1 for a scalar.</summary>
    public long RowCount => _header.Shape.Length == 0 ? 1 : _header.Shape[0];

    /// <summary>Elements of one row: the product of all dimensions but the first.</summary>
    public long RowLength { get; }

    /// <summary>Maps a file and checks its header and length.</summary>
    /// <param name="path">The file to read.</param>
    /// <exception cref="NpyException">It is no <c>.npy</c> file, is cut off, or holds something that can't be read.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static NpyFile Open(string path)
    {
        MappedBytes bytes = MappedBytes.Open(path);
        try
        {
            return new NpyFile(path, bytes, NpyHeader.Parse(path, bytes.Span(0, (int)Math.Min(bytes.Length, 1 << 16)), bytes.Length));
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole array as floats: F32 and F16 are exact, F64 and large integers are rounded.</summary>
    /// <param name="path">The file to read.</param>
    /// <exception cref="NpyException">It is no readable <c>.npy</c> file, or larger than a .NET array can be.</exception>
    public static NpyArray<float> ReadSingle(string path)
    {
        using NpyFile file = Open(path);
        float[] data = new float[file.CountForArray()];
        file.Read(0, DTypes.ToSingle, data);
        return new NpyArray<float>(file.ShapeForArray(), data);
    }

    /// <summary>Reads a whole array of integers or booleans.</summary>
    /// <param name="path">The file to read.</param>
    /// <exception cref="NpyException">It is no readable <c>.npy</c> file, holds floats or integers above 2⁶³−1, or is too large for an array.</exception>
    public static NpyArray<long> ReadInt64(string path)
    {
        using NpyFile file = Open(path);
        if (file.ElementType is DType.F16 or DType.F32 or DType.F64)
            throw new NpyException(path, $"holds {file.ElementType.Name()}, integers are expected.");
        long[] data = new long[file.CountForArray()];
        try
        {
            file.Read(0, DTypes.ToInt64, data);
        }
        catch (InvalidDataException fault)
        {
            throw new NpyException(path, fault.Message);
        }
        return new NpyArray<long>(file.ShapeForArray(), data);
    }

    /// <summary>Reads a whole array whose stored type is exactly <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">float, Half, double, int, long, byte, sbyte or bool.</typeparam>
    /// <param name="path">The file to read.</param>
    /// <exception cref="NpyException">It is no readable <c>.npy</c> file, or holds another type.</exception>
    public static NpyArray<T> Read<T>(string path) where T : unmanaged
    {
        using NpyFile file = Open(path);
        DType wanted = NpyHeader.TypeOf<T>();
        if (file.ElementType != wanted)
            throw new NpyException(path, $"holds {file.ElementType.Name()}, {wanted.Name()} is expected.");
        T[] data = new T[file.CountForArray()];
        file.Read(0, DTypes.ToSame, data);
        return new NpyArray<T>(file.ShapeForArray(), data);
    }

    /// <summary>Writes a whole array; the file appears complete or not at all.</summary>
    /// <typeparam name="T">float, Half, double, int, long, byte, sbyte or bool.</typeparam>
    /// <param name="path">The file to write; an older one is replaced.</param>
    /// <param name="data">The elements in C order.</param>
    /// <param name="shape">Lengths of the dimensions, outermost first; empty for a scalar.</param>
    /// <exception cref="ArgumentException">The product of <paramref name="shape"/> is not the length of <paramref name="data"/>.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> data, params ReadOnlySpan<int> shape) where T : unmanaged
    {
        long[] lengths = new long[shape.Length];
        for (int i = 0; i < shape.Length; i++)
            lengths[i] = shape[i];
        if (shape.ContainsAnyInRange(int.MinValue, -1) || new NpyHeader(default, lengths, 0).ElementCount != data.Length)
            throw new ArgumentException($"Shape {NpyHeader.Describe(lengths)} does not fit {data.Length} elements.", nameof(shape));
        using OutputFile output = new(path);
        output.Stream.Write(NpyHeader.Format(NpyHeader.TypeOf<T>(), lengths));
        NpyWriter<T>.WriteBytes(output.Stream, data);
        output.Commit();
    }

    /// <summary>Converts the rows from <paramref name="start"/> on to floats, as many as <paramref name="destination"/> holds.</summary>
    /// <param name="start">The first row to read.</param>
    /// <param name="destination">Receives whole rows, [rows, <see cref="RowLength"/>].</param>
    /// <exception cref="ArgumentException">The rows do not lie within the array, or the destination holds a broken row.</exception>
    public void ReadRows(long start, Span<float> destination)
    {
        long rows = RowLength == 0 ? 0 : destination.Length / RowLength;
        if (rows * RowLength != destination.Length)
            throw new ArgumentException($"{destination.Length} elements are no whole number of rows of {RowLength}.", nameof(destination));
        if (start < 0 || start > RowCount - rows)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{_path} has {RowCount} rows; {rows} rows from {start} on do not lie within it.");
        Read(start * RowLength, DTypes.ToSingle, destination);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _bytes.Dispose();

    void Read<T>(long start, DTypes.Conversion<T> conversion, Span<T> destination) =>
        DTypes.Convert(_bytes, _header.DataOffset + start * (_header.Type.Bits() / 8), _header.Type, conversion, destination);

    int CountForArray()
    {
        long count = _header.ElementCount;
        return count <= Array.MaxLength ? (int)count
            : throw new NpyException(_path, $"has {count} elements, more than an array can hold; open it and read its rows.");
    }

    int[] ShapeForArray()
    {
        foreach (long dimension in _header.Shape)
            if (dimension > int.MaxValue)
                throw new NpyException(_path, $"has a dimension of {dimension}, more than an array can hold.");
        return [.. _header.Shape.Select(dimension => (int)dimension)];
    }
}

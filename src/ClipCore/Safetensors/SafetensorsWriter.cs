using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClipCore.Files;

namespace ClipCore.Safetensors;

/// <summary>
/// Writes a safetensors file. Tensors are added first and their data are fetched while <see cref="Save"/> streams them out, one
/// at a time, so a checkpoint of any size needs no more memory than its largest piece.
/// </summary>
/// <remarks>
/// For one thread at a time.
/// As the reference writer does, tensors are sorted by falling element size and then by name, and the header is padded with
/// spaces to a multiple of eight, so that every tensor is aligned to its elements.
/// </remarks>
public sealed class SafetensorsWriter
{
    /// <summary>Floats converted at a time.</summary>
    const int ChunkLength = 1 << 16;

    readonly Dictionary<string, Pending> _tensors = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Text kept in the header; the Hugging Face library wants <c>format</c> = <c>pt</c>.</summary>
    public IDictionary<string, string> Metadata => _metadata;

    /// <summary>Adds floats, rounded to the type they are stored in.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its shape; the product must be the length of <paramref name="values"/>.</param>
    /// <param name="values">The elements in C order; read when the file is saved.</param>
    /// <param name="type">F32, F16 or BF16.</param>
    /// <exception cref="ArgumentException">The name is taken or reserved, or the shape does not fit.</exception>
    /// <exception cref="NotSupportedException">The type is another one.</exception>
    public void Add(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<float> values, DType type = DType.F32)
    {
        if (type is not (DType.F32 or DType.F16 or DType.BF16))
            throw new NotSupportedException($"Floats can be written as F32, F16 or BF16, not as {type.Name()}.");
        Add(name, type, shape, values.Length, stream => WriteFloats(stream, name, type, values.Span));
    }

    /// <summary>Adds integers.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its shape; the product must be the length of <paramref name="values"/>.</param>
    /// <param name="values">The elements in C order; read when the file is saved.</param>
    /// <exception cref="ArgumentException">The name is taken or reserved, or the shape does not fit.</exception>
    public void Add(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<long> values) =>
        Add(name, DType.I64, shape, values.Length, stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));

    /// <summary>Adds a tensor of another file as it is stored there.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="tensor">The tensor; its file must stay open until the new one is saved.</param>
    /// <exception cref="ArgumentException">The name is taken or reserved.</exception>
    public void Add(string name, TensorView tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Add(name, tensor.ElementType, tensor.Shape, tensor.ElementCount, tensor.WriteTo);
    }

    /// <summary>Adds a tensor whose bytes are made while the file is saved.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">Type of the elements.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="write">Writes exactly the bytes of the tensor: C order, little-endian.</param>
    /// <exception cref="ArgumentException">The name is taken or reserved, or the shape is invalid.</exception>
    public void Add(string name, DType type, ReadOnlySpan<long> shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Add(name, type, shape, null, write);
    }

    /// <summary>Writes the file; it appears complete or not at all.</summary>
    /// <param name="path">The file to write; an older one is replaced.</param>
    /// <exception cref="InvalidOperationException">A callback wrote too little or too much, or a value does not fit its type.</exception>
    /// <exception cref="IOException">The folder is missing or can't be written.</exception>
    public void Save(string path)
    {
        Pending[] ordered = [.. _tensors.Values.OrderByDescending(tensor => tensor.Type.Bits()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        using OutputFile output = new(path);
        Stream stream = output.Stream;
        stream.Write(Header(ordered));
        foreach (Pending tensor in ordered)
        {
            long begin = stream.Position;
            tensor.Write(stream);
            if (stream.Position - begin != tensor.ByteLength)
                throw new InvalidOperationException($"Tensor '{tensor.Name}' needs {tensor.ByteLength} bytes; {stream.Position - begin} were written.");
        }
        output.Commit();
    }

    void Add(string name, DType type, ReadOnlySpan<long> shape, long? count, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == SafetensorsHeader.MetadataKey)
            throw new ArgumentException($"The name '{name}' is reserved by the format.", nameof(name));
        long product = 1;
        foreach (long dimension in shape)
            product = dimension >= 0 ? checked(product * dimension)
                : throw new ArgumentException($"Tensor '{name}' has the negative dimension {dimension}.", nameof(shape));
        if (count is long given && given != product)
            throw new ArgumentException(
                $"Tensor '{name}' of shape [{string.Join(", ", shape.ToArray())}] has {product} elements; {given} were given.", nameof(shape));
        long bits = checked(product * type.Bits());
        if (bits % 8 != 0)
            throw new ArgumentException($"Tensor '{name}' does not fill whole bytes.", nameof(shape));
        if (!_tensors.TryAdd(name, new Pending(name, type, shape.ToArray(), bits / 8, write)))
            throw new ArgumentException($"There is a tensor '{name}' already.", nameof(name));
    }

    byte[] Header(Pending[] ordered)
    {
        using MemoryStream stream = new();
        stream.Write(stackalloc byte[SafetensorsHeader.PrefixLength]);
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            if (_metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string key, string value) in _metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (Pending tensor in ordered)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.Name());
                json.WriteStartArray("shape");
                foreach (long dimension in tensor.Shape)
                    json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.ByteLength);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (stream.Length % 8 != 0)
            stream.WriteByte((byte)' ');
        byte[] header = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - SafetensorsHeader.PrefixLength);
        return header;
    }

    static void WriteFloats(Stream stream, string name, DType type, ReadOnlySpan<float> values)
    {
        int size = type.Bits() / 8;
        byte[] bytes = new byte[Math.Min(values.Length, ChunkLength) * size];
        while (values.Length > 0)
        {
            ReadOnlySpan<float> chunk = values[..Math.Min(values.Length, ChunkLength)];
            if (type == DType.F16)
                CheckFitsHalf(name, chunk);
            DTypes.FromSingle(type, chunk, bytes);
            stream.Write(bytes, 0, chunk.Length * size);
            values = values[chunk.Length..];
        }
    }

    static void CheckFitsHalf(string name, ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (float.IsFinite(value) && !Half.IsFinite((Half)value))
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture, $"Tensor '{name}' holds {value}, which F16 (at most 65504) can't; store it as F32 or BF16."));
    }

    sealed record Pending(string Name, DType Type, long[] Shape, long ByteLength, Action<Stream> Write);
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ClipCore.Files;

namespace ClipCore.Safetensors;

/// <summary>
/// The header of a safetensors file: eight bytes of length, then a JSON object. Everything is checked before anything is
/// believed: no allocation depends on a number of the file that was not compared with the file's length first.
/// </summary>
sealed class SafetensorsHeader
{
    /// <summary>The reserved name.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>Longest header that the format allows.</summary>
    public const long MaxHeaderLength = 100_000_000;

    /// <summary>Sixty times the tensors of the largest CLIP; a full header could list a million and ask for as many objects.</summary>
    public const int MaxTensorCount = 100_000;

    /// <summary>Most dimensions of a tensor; weights have at most four.</summary>
    public const int MaxRank = 32;

    /// <summary>Bytes of the header length.</summary>
    public const int PrefixLength = sizeof(ulong);

    static readonly SearchValues<byte> s_jsonSpace = SearchValues.Create(" \t\r\n"u8);

    readonly string _file;
    readonly Dictionary<string, string> _metadata = [];
    readonly List<TensorEntry> _tensors = [];
    readonly List<string> _notes = [];

    SafetensorsHeader(string file, long dataOffset, long dataLength) => (_file, DataOffset, DataLength) = (file, dataOffset, dataLength);

    /// <summary>Byte of the file where the data begin.</summary>
    public long DataOffset { get; }

    /// <summary>Bytes of data.</summary>
    public long DataLength { get; }

    /// <summary>The <c>__metadata__</c> entry; empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>All tensors by offset.</summary>
    public IReadOnlyList<TensorEntry> Tensors => _tensors;

    /// <summary>Oddities that the format forbids and its reference reader tolerates.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Reads and checks the header of a file.</summary>
    /// <exception cref="SafetensorsException">A rule is broken; the type says which.</exception>
    public static SafetensorsHeader Parse(string file, MappedBytes bytes)
    {
        if (bytes.Length < PrefixLength)
            throw new FileTooShortException(file, bytes.Length);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span(0, PrefixLength));
        if (length > MaxHeaderLength)
            throw new HeaderTooLargeException(file, length, MaxHeaderLength);
        if ((long)length > bytes.Length - PrefixLength)
            throw new HeaderPastEndException(file, length, bytes.Length);

        long dataOffset = PrefixLength + (long)length;
        SafetensorsHeader header = new(file, dataOffset, bytes.Length - dataOffset);
        header.ReadJson(bytes.Span(PrefixLength, (int)length));
        header.CheckLayout();
        return header;
    }

    void ReadJson(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            throw new HeaderByteOrderMarkException(_file);
        if (!Utf8.IsValid(json))
            throw new HeaderEncodingException(_file, FirstInvalidByte(json));
        if (json.Length > 0 && s_jsonSpace.Contains(json[0]))
            _notes.Add("the header begins with white space; the format wants '{' first");

        // Three levels: the header, a tensor, its shape. One more lets the reader say what it found instead of "too deep".
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            ReadHeader(ref reader);
            reader.Read();
        }
        catch (JsonException fault)
        {
            throw new HeaderSyntaxException(_file, fault.Message);
        }
    }

    void ReadHeader(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new HeaderNotObjectException(_file, Describe(reader.TokenType));
        HashSet<string> names = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = Text(ref reader);
            if (!names.Add(name))
                throw new DuplicateKeyException(_file, name);
            reader.Read();
            if (name == MetadataKey)
            {
                ReadMetadata(ref reader);
                continue;
            }
            if (_tensors.Count == MaxTensorCount)
                throw new TooManyTensorsException(_file, MaxTensorCount);
            _tensors.Add(ReadTensor(ref reader, name));
        }
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new MetadataException(_file, MetadataKey, Describe(reader.TokenType));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw new MetadataException(_file, key, Describe(reader.TokenType));
            if (!_metadata.TryAdd(key, Text(ref reader)))
                throw new DuplicateKeyException(_file, key, MetadataKey);
        }
    }

    TensorEntry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new TensorNotObjectException(_file, name, Describe(reader.TokenType));
        DType? type = null;
        ulong[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = Text(ref reader);
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null: type = ReadType(ref reader, name); break;
                case "shape" when shape is null: shape = ReadNumbers(ref reader, fault => new InvalidShapeException(_file, name, fault)); break;
                case "data_offsets" when offsets is null: offsets = ReadNumbers(ref reader, fault => new InvalidOffsetsException(_file, name, fault)); break;
                case "dtype" or "shape" or "data_offsets": throw new DuplicateKeyException(_file, field, $"tensor '{name}'");
                default: throw new UnknownTensorFieldException(_file, name, field);
            }
        }
        if (type is null || shape is null || offsets is null)
            throw new MissingTensorFieldException(_file, name, type is null ? "dtype" : shape is null ? "shape" : "data_offsets");
        if (offsets.Length != 2)
            throw new InvalidOffsetsException(_file, name, $"{offsets.Length} numbers where two belong");
        return CheckSize(name, type.Value, shape, offsets[0], offsets[1]);
    }

    DType ReadType(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new UnknownDTypeException(_file, name, Describe(reader.TokenType));
        string text = Text(ref reader);
        return DTypes.TryParse(text, out DType type) ? type : throw new UnknownDTypeException(_file, name, $"'{text}'");
    }

    static ulong[] ReadNumbers(ref Utf8JsonReader reader, Func<string, SafetensorsException> fault)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw fault($"{Describe(reader.TokenType)} where a list belongs");
        List<ulong> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number)
                throw fault($"{Describe(reader.TokenType)} where a whole number belongs");
            if (reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !reader.TryGetUInt64(out ulong number))
                throw fault($"{Shorten(reader.ValueSpan)} is no whole number from 0 to 2^64-1");
            if (numbers.Count == MaxRank)
                throw fault($"more than {MaxRank} numbers");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    TensorEntry CheckSize(string name, DType type, ulong[] shape, ulong begin, ulong end)
    {
        if (end < begin)
            throw new InvertedOffsetsException(_file, name, begin, end);
        if (end > (ulong)DataLength)
            throw new OffsetsPastEndException(_file, name, begin, end, DataLength);

        // The limit is in bits, so that no product below can overflow. As in the reference reader, a zero does not excuse
        // another dimension that overflows before it.
        ulong bits = (ulong)type.Bits();
        foreach (ulong dimension in shape)
        {
            if (dimension > long.MaxValue || (dimension != 0 && bits > long.MaxValue / dimension))
                throw new ShapeOverflowException(_file, name, shape);
            bits *= dimension;
        }
        if (bits % 8 != 0)
            throw new PartialByteException(_file, name, type, (long)bits / type.Bits());
        if (bits / 8 != end - begin)
            throw new SizeMismatchException(_file, name, (long)(bits / 8), begin, end);
        return new TensorEntry(name, type, Array.ConvertAll(shape, dimension => (long)dimension), (long)begin, (long)end);
    }

    void CheckLayout()
    {
        _tensors.Sort(static (a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long end = 0;
        string previous = "";
        foreach (TensorEntry tensor in _tensors)
        {
            if (tensor.Begin > end)
                throw new HoleException(_file, tensor.Name, end, tensor.Begin);
            if (tensor.Begin < end)
                throw new OverlapException(_file, tensor.Name, previous, tensor.Begin, end);
            (end, previous) = (tensor.End, tensor.Name);
        }
        if (end != DataLength)
            throw new TrailingDataException(_file, end, DataLength);
    }

    string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The bytes are valid UTF-8, so only an escape can have gone wrong.
            throw new LoneSurrogateException(_file, Shorten(reader.ValueSpan));
        }
    }

    static int FirstInvalidByte(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out int consumed) == OperationStatus.Done)
            at += consumed;
        return at;
    }

    static string Shorten(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, 64)]);

    static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}

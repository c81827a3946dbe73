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

    static ReadOnlySpan<byte> LfsBeginning => "version https://git-lfs"u8;

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
    /// <exception cref="SafetensorsException">A rule is broken; its fault says which.</exception>
    public static SafetensorsHeader Parse(string file, MappedBytes bytes)
    {
        if (bytes.Length < PrefixLength)
            throw new SafetensorsException(file, SafetensorsFault.FileTooShort,
                $"{bytes.Length} bytes are too few for a safetensors file, which begins with an eight-byte header length.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span(0, PrefixLength));
        if (bytes.Span(0, (int)Math.Min(bytes.Length, LfsBeginning.Length)).SequenceEqual(LfsBeginning))
            throw new SafetensorsException(file, SafetensorsFault.LfsPointer,
                "is a Git LFS pointer, a few lines of text in place of the weights: fetch them with 'git lfs pull'.");
        if (length > MaxHeaderLength)
            throw new SafetensorsException(file, SafetensorsFault.HeaderTooLarge,
                $"claims a header of {length} bytes; the format allows {MaxHeaderLength}. Either this is no safetensors file or it is damaged.");
        if ((long)length > bytes.Length - PrefixLength)
            throw new SafetensorsException(file, SafetensorsFault.HeaderPastEnd,
                $"claims a header of {length} bytes after the first eight, but the file ends at byte {bytes.Length}. It is cut off or damaged.");

        long dataOffset = PrefixLength + (long)length;
        SafetensorsHeader header = new(file, dataOffset, bytes.Length - dataOffset);
        header.ReadJson(bytes.Span(PrefixLength, (int)length));
        header.CheckLayout();
        return header;
    }

    void ReadJson(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            throw Broken(SafetensorsFault.HeaderByteOrderMark, "the header begins with a byte order mark, which the format forbids.");
        if (!Utf8.IsValid(json))
            throw Broken(SafetensorsFault.HeaderEncoding, $"the header is not UTF-8 (byte {FirstInvalidByte(json)} of the header).");
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
            throw Broken(SafetensorsFault.HeaderSyntax, $"the header is not valid JSON: {fault.Message}");
        }
    }

    void ReadHeader(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Broken(SafetensorsFault.HeaderNotObject, $"the header must be a JSON object; it is {Describe(reader.TokenType)}.");
        HashSet<string> names = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = Text(ref reader);
            if (!names.Add(name))
                throw Duplicate(name, "the header");
            reader.Read();
            if (name == MetadataKey)
            {
                ReadMetadata(ref reader);
                continue;
            }
            if (_tensors.Count == MaxTensorCount)
                throw Broken(SafetensorsFault.TooManyTensors, $"lists more than {MaxTensorCount} tensors, the most that are read.");
            _tensors.Add(ReadTensor(ref reader, name));
        }
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Broken(SafetensorsFault.Metadata, $"'{MetadataKey}' must be an object of texts; it is {Describe(reader.TokenType)}.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Broken(SafetensorsFault.Metadata,
                    $"'{key}' must be {(key == MetadataKey ? "an object of texts" : "a text")}; it is {Describe(reader.TokenType)}.");
            if (!_metadata.TryAdd(key, Text(ref reader)))
                throw Duplicate(key, MetadataKey);
        }
    }

    TensorEntry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Broken(SafetensorsFault.TensorNotObject, name, $"must be described by an object; it is {Describe(reader.TokenType)}.");
        DType? type = null;
        ulong[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = Text(ref reader);
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, fault => InvalidShape(name, fault));
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, fault => InvalidOffsets(name, fault));
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Duplicate(field, $"tensor '{name}'", name);
                default:
                    throw Broken(SafetensorsFault.UnknownTensorField, name,
                        $"has the unknown field '{field}'; only dtype, shape and data_offsets are allowed.");
            }
        }
        if (type is null || shape is null || offsets is null)
            throw Broken(SafetensorsFault.MissingTensorField, name,
                $"has no '{(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}'.");
        if (offsets.Length != 2)
            throw InvalidOffsets(name, $"{offsets.Length} numbers where two belong");
        return CheckSize(name, type.Value, shape, offsets[0], offsets[1]);
    }

    DType ReadType(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw UnknownType(name, Describe(reader.TokenType));
        string text = Text(ref reader);
        return DTypes.TryParse(text, out DType type) ? type : throw UnknownType(name, $"'{text}'");
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
            throw Broken(SafetensorsFault.InvertedOffsets, name, $"has data_offsets [{begin}, {end}], which end before they begin.");
        if (end > (ulong)DataLength)
            throw Broken(SafetensorsFault.OffsetsPastEnd, name,
                $"has data_offsets [{begin}, {end}], but the file holds only {DataLength} bytes of data. It is cut off or damaged.");

        // The limit is in bits, so that no product below can overflow. As in the reference reader, a zero does not excuse
        // another dimension that overflows before it.
        ulong bits = (ulong)type.Bits();
        foreach (ulong dimension in shape)
        {
            if (dimension > long.MaxValue || (dimension != 0 && bits > long.MaxValue / dimension))
                throw Broken(SafetensorsFault.ShapeOverflow, name, $"has the shape [{string.Join(", ", shape)}], more than 2^63-1 bits.");
            bits *= dimension;
        }
        if (bits % 8 != 0)
            throw Broken(SafetensorsFault.PartialByte, name,
                $"has {(long)bits / type.Bits()} elements of type {type.Name()}, which do not fill whole bytes.");
        if (bits / 8 != end - begin)
            throw Broken(SafetensorsFault.SizeMismatch, name,
                $"needs {bits / 8} bytes for its shape and type, but has data_offsets [{begin}, {end}], {end - begin} bytes.");
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
                throw Broken(SafetensorsFault.Hole, tensor.Name, $"begins at offset {tensor.Begin}, leaving a hole from {end}.");
            if (tensor.Begin < end)
                throw Broken(SafetensorsFault.Overlap, tensor.Name,
                    $"begins at offset {tensor.Begin}, before tensor '{previous}' ends at {end}.");
            (end, previous) = (tensor.End, tensor.Name);
        }
        if (end != DataLength)
            throw Broken(SafetensorsFault.TrailingData, $"the tensors end at offset {end}, but the file holds {DataLength} bytes of data.");
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
            throw Broken(SafetensorsFault.LoneSurrogate, $"the text \"{Shorten(reader.ValueSpan)}\" has half of a surrogate pair.");
        }
    }

    SafetensorsException Broken(SafetensorsFault fault, string message) => new(_file, fault, message);

    SafetensorsException Broken(SafetensorsFault fault, string tensor, string message) => new(_file, fault, $"tensor '{tensor}' {message}", tensor);

    SafetensorsException Duplicate(string key, string where, string? tensor = null) =>
        new(_file, SafetensorsFault.DuplicateKey, $"the key '{key}' appears twice in {where}.", tensor);

    SafetensorsException InvalidShape(string tensor, string fault) => Broken(SafetensorsFault.InvalidShape, tensor, $"has an invalid shape: {fault}.");

    SafetensorsException InvalidOffsets(string tensor, string fault) =>
        Broken(SafetensorsFault.InvalidOffsets, tensor, $"has invalid data_offsets: {fault}.");

    SafetensorsException UnknownType(string tensor, string found) =>
        Broken(SafetensorsFault.UnknownDType, tensor, $"has the element type {found}; known are {DTypes.AllNames}.");

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

namespace ClipCore.Safetensors;

/// <summary>A safetensors file that breaks a rule of the format. Each rule has its own type below.</summary>
public abstract class SafetensorsException : IOException
{
    /// <summary>Names the file before the fault.</summary>
    private protected SafetensorsException(string file, string fault) : base($"{file}: {fault}") => File = file;

    /// <summary>The file's name as it was given.</summary>
    public string File { get; }
}

/// <summary>The file has fewer than the eight bytes of the header length.</summary>
public sealed class FileTooShortException : SafetensorsException
{
    internal FileTooShortException(string file, long length)
        : base(file, $"{length} bytes are too few for a safetensors file, which begins with an eight-byte header length.") { }
}

/// <summary>The header length is above the limit of the format, or the header would need too much memory.</summary>
public sealed class HeaderTooLargeException : SafetensorsException
{
    internal HeaderTooLargeException(string file, ulong length, long limit)
        : base(file, $"claims a header of {length} bytes; the format allows {limit}. Either this is no safetensors file or it is damaged.") { }
}

/// <summary>The header reaches past the end of the file.</summary>
public sealed class HeaderPastEndException : SafetensorsException
{
    internal HeaderPastEndException(string file, ulong length, long fileLength)
        : base(file, $"claims a header of {length} bytes after the first eight, but the file ends at byte {fileLength}. It is cut off or damaged.") { }
}

/// <summary>The header begins with a byte order mark.</summary>
public sealed class HeaderByteOrderMarkException : SafetensorsException
{
    internal HeaderByteOrderMarkException(string file) : base(file, "the header begins with a byte order mark, which the format forbids.") { }
}

/// <summary>The header is not UTF-8.</summary>
public sealed class HeaderEncodingException : SafetensorsException
{
    internal HeaderEncodingException(string file, int offset) : base(file, $"the header is not UTF-8 (byte {offset} of the header).") { }
}

/// <summary>The header is not JSON.</summary>
public sealed class HeaderSyntaxException : SafetensorsException
{
    internal HeaderSyntaxException(string file, string fault) : base(file, $"the header is not valid JSON: {fault}") { }
}

/// <summary>The header is JSON, but no object.</summary>
public sealed class HeaderNotObjectException : SafetensorsException
{
    internal HeaderNotObjectException(string file, string found) : base(file, $"the header must be a JSON object; it is {found}.") { }
}

/// <summary>A key or a value has half of a surrogate pair, so it is no text.</summary>
public sealed class LoneSurrogateException : SafetensorsException
{
    internal LoneSurrogateException(string file, string raw) : base(file, $"the text \"{raw}\" has half of a surrogate pair.") { }
}

/// <summary>A key appears twice in one object, perhaps once escaped.</summary>
public sealed class DuplicateKeyException : SafetensorsException
{
    internal DuplicateKeyException(string file, string key, string where = "the header")
        : base(file, $"the key '{key}' appears twice in {where}.") => Key = key;

    /// <summary>The key after unescaping.</summary>
    public string Key { get; }
}

/// <summary>The <c>__metadata__</c> entry does not map text to text.</summary>
public sealed class MetadataException : SafetensorsException
{
    internal MetadataException(string file, string key, string found)
        : base(file, $"'{key}' must be {(key == SafetensorsHeader.MetadataKey ? "an object of texts" : "a text")}; it is {found}.") => Key = key;

    /// <summary><c>__metadata__</c> itself or the key within it.</summary>
    public string Key { get; }
}

/// <summary>The header lists more tensors than are read.</summary>
public sealed class TooManyTensorsException : SafetensorsException
{
    internal TooManyTensorsException(string file, int limit) : base(file, $"lists more than {limit} tensors, the most that are read.") { }
}

/// <summary>A fault of one tensor's entry in the header.</summary>
public abstract class TensorEntryException : SafetensorsException
{
    private protected TensorEntryException(string file, string tensor, string fault) : base(file, $"tensor '{tensor}' {fault}") => Tensor = tensor;

    /// <summary>The tensor's name.</summary>
    public string Tensor { get; }
}

/// <summary>The entry is no JSON object.</summary>
public sealed class TensorNotObjectException : TensorEntryException
{
    internal TensorNotObjectException(string file, string tensor, string found) : base(file, tensor, $"must be described by an object; it is {found}.") { }
}

/// <summary><c>dtype</c>, <c>shape</c> or <c>data_offsets</c> is missing.</summary>
public sealed class MissingTensorFieldException : TensorEntryException
{
    internal MissingTensorFieldException(string file, string tensor, string field) : base(file, tensor, $"has no '{field}'.") { }
}

/// <summary>The entry has another field than <c>dtype</c>, <c>shape</c> and <c>data_offsets</c>.</summary>
public sealed class UnknownTensorFieldException : TensorEntryException
{
    internal UnknownTensorFieldException(string file, string tensor, string field)
        : base(file, tensor, $"has the unknown field '{field}'; only dtype, shape and data_offsets are allowed.") { }
}

/// <summary>The element type is none of the format's.</summary>
public sealed class UnknownDTypeException : TensorEntryException
{
    internal UnknownDTypeException(string file, string tensor, string found)
        : base(file, tensor, $"has the element type {found}; known are {DTypes.AllNames}.") { }
}

/// <summary>The shape is no list of whole numbers, or has too many dimensions.</summary>
public sealed class InvalidShapeException : TensorEntryException
{
    internal InvalidShapeException(string file, string tensor, string fault) : base(file, tensor, $"has an invalid shape: {fault}.") { }
}

/// <summary>The shape has more elements than a file can hold.</summary>
public sealed class ShapeOverflowException : TensorEntryException
{
    internal ShapeOverflowException(string file, string tensor, ReadOnlySpan<ulong> shape)
        : base(file, tensor, $"has the shape [{string.Join(", ", shape.ToArray())}], more than 2^63-1 bits.") { }
}

/// <summary>The elements, smaller than a byte, do not fill whole bytes.</summary>
public sealed class PartialByteException : TensorEntryException
{
    internal PartialByteException(string file, string tensor, DType type, long count)
        : base(file, tensor, $"has {count} elements of type {type.Name()}, which do not fill whole bytes.") { }
}

/// <summary>The data offsets are not two whole numbers.</summary>
public sealed class InvalidOffsetsException : TensorEntryException
{
    internal InvalidOffsetsException(string file, string tensor, string fault) : base(file, tensor, $"has invalid data_offsets: {fault}.") { }
}

/// <summary>The data end before they begin.</summary>
public sealed class InvertedOffsetsException : TensorEntryException
{
    internal InvertedOffsetsException(string file, string tensor, ulong begin, ulong end)
        : base(file, tensor, $"has data_offsets [{begin}, {end}], which end before they begin.") { }
}

/// <summary>The data reach past the end of the file.</summary>
public sealed class OffsetsPastEndException : TensorEntryException
{
    internal OffsetsPastEndException(string file, string tensor, ulong begin, ulong end, long length)
        : base(file, tensor, $"has data_offsets [{begin}, {end}], but the file holds only {length} bytes of data. It is cut off or damaged.") { }
}

/// <summary>The bytes between the offsets are not those of the shape and type.</summary>
public sealed class SizeMismatchException : TensorEntryException
{
    internal SizeMismatchException(string file, string tensor, long needed, ulong begin, ulong end)
        : base(file, tensor, $"needs {needed} bytes for its shape and type, but has data_offsets [{begin}, {end}], {end - begin} bytes.") { }
}

/// <summary>Two tensors share bytes.</summary>
public sealed class OverlapException : TensorEntryException
{
    internal OverlapException(string file, string tensor, string previous, long begin, long previousEnd)
        : base(file, tensor, $"begins at offset {begin}, before tensor '{previous}' ends at {previousEnd}.") { }
}

/// <summary>Bytes before a tensor belong to none.</summary>
public sealed class HoleException : TensorEntryException
{
    internal HoleException(string file, string tensor, long previousEnd, long begin)
        : base(file, tensor, $"begins at offset {begin}, leaving a hole from {previousEnd}.") { }
}

/// <summary>Bytes after the last tensor belong to none.</summary>
public sealed class TrailingDataException : SafetensorsException
{
    internal TrailingDataException(string file, long end, long length)
        : base(file, $"the tensors end at offset {end}, but the file holds {length} bytes of data.") { }
}

/// <summary>A tensor that was asked for is not in the file.</summary>
public sealed class TensorNotFoundException : SafetensorsException
{
    internal TensorNotFoundException(string file, string tensor) : base(file, $"has no tensor '{tensor}'.") => Tensor = tensor;

    /// <summary>The name that was asked for.</summary>
    public string Tensor { get; }
}

/// <summary>The index of a sharded checkpoint is not what it must be.</summary>
public sealed class ShardIndexException : SafetensorsException
{
    internal ShardIndexException(string file, string fault) : base(file, fault) { }
}

/// <summary>The index names a shard that is not simply a file of its own folder.</summary>
public sealed class ShardPathException : SafetensorsException
{
    internal ShardPathException(string file, string shard)
        : base(file, $"names the shard '{shard}', which is not a plain .safetensors file name of the same folder.") => Shard = shard;

    /// <summary>The name that was refused.</summary>
    public string Shard { get; }
}

/// <summary>The index names a shard that is not there.</summary>
public sealed class ShardNotFoundException : SafetensorsException
{
    internal ShardNotFoundException(string file, string shard) : base(file, $"names the shard '{shard}', which does not lie beside it.") => Shard = shard;

    /// <summary>The missing file.</summary>
    public string Shard { get; }
}

/// <summary>A tensor is not in the shard that the index names.</summary>
public sealed class TensorNotInShardException : SafetensorsException
{
    internal TensorNotInShardException(string file, string tensor, string shard)
        : base(file, $"says that tensor '{tensor}' is in {shard}, where it is not.") => Tensor = tensor;

    /// <summary>The tensor's name.</summary>
    public string Tensor { get; }
}

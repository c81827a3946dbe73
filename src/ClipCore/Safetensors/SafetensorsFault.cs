namespace ClipCore.Safetensors;

/// <summary>The rule of the format that a file breaks, or what is missing.</summary>
public enum SafetensorsFault
{
    /// <summary>The file has fewer than the eight bytes of the header length.</summary>
    FileTooShort,

    /// <summary>The file is what Git LFS keeps in place of a large file that was not fetched.</summary>
    LfsPointer,

    /// <summary>The header length is above the limit of the format, or the header would need too much memory.</summary>
    HeaderTooLarge,

    /// <summary>The header reaches past the end of the file.</summary>
    HeaderPastEnd,

    /// <summary>The header begins with a byte order mark.</summary>
    HeaderByteOrderMark,

    /// <summary>The header is not UTF-8.</summary>
    HeaderEncoding,

    /// <summary>The header is not JSON.</summary>
    HeaderSyntax,

    /// <summary>The header is JSON, but no object.</summary>
    HeaderNotObject,

    /// <summary>A key or a value has half of a surrogate pair, so it is no text.</summary>
    LoneSurrogate,

    /// <summary>A key appears twice in one object, perhaps once escaped.</summary>
    DuplicateKey,

    /// <summary>The <c>__metadata__</c> entry does not map text to text.</summary>
    Metadata,

    /// <summary>The header lists more tensors than are read.</summary>
    TooManyTensors,

    /// <summary>The entry is no JSON object.</summary>
    TensorNotObject,

    /// <summary><c>dtype</c>, <c>shape</c> or <c>data_offsets</c> is missing.</summary>
    MissingTensorField,

    /// <summary>The entry has another field than <c>dtype</c>, <c>shape</c> and <c>data_offsets</c>.</summary>
    UnknownTensorField,

    /// <summary>The element type is none of the format's.</summary>
    UnknownDType,

    /// <summary>The shape is no list of whole numbers, or has too many dimensions.</summary>
    InvalidShape,

    /// <summary>The shape has more elements than a file can hold.</summary>
    ShapeOverflow,

    /// <summary>The elements, smaller than a byte, do not fill whole bytes.</summary>
    PartialByte,

    /// <summary>The data offsets are not two whole numbers.</summary>
    InvalidOffsets,

    /// <summary>The data end before they begin.</summary>
    InvertedOffsets,

    /// <summary>The data reach past the end of the file.</summary>
    OffsetsPastEnd,

    /// <summary>The bytes between the offsets are not those of the shape and type.</summary>
    SizeMismatch,

    /// <summary>Two tensors share bytes.</summary>
    Overlap,

    /// <summary>Bytes before a tensor belong to none.</summary>
    Hole,

    /// <summary>Bytes after the last tensor belong to none.</summary>
    TrailingData,

    /// <summary>A tensor that was asked for is not in the file.</summary>
    TensorNotFound,

    /// <summary>The index of a sharded checkpoint is not what it must be.</summary>
    ShardIndex,

    /// <summary>The index names a shard that is not simply a file of its own folder.</summary>
    ShardPath,

    /// <summary>The index names a shard that is not there.</summary>
    ShardNotFound,

    /// <summary>A tensor is not in the shard that the index names.</summary>
    TensorNotInShard,
}

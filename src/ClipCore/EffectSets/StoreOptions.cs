using ClipCore.DataSets;
using ClipCore.Files;
using ClipCore.Images;

namespace ClipCore.EffectSets;

/// <summary>How a store is made. Immutable, safe for many threads.</summary>
public sealed record StoreOptions
{
    /// <summary>How numbers are kept: <see cref="DType.F32"/>, or <see cref="DType.F16"/> for half the size. Statistics are exact either way.</summary>
    public DType DType { get; init; } = DType.F32;

    /// <summary>Of how many of the last layers the heads are kept one by one; of earlier layers the sum over the heads alone. Null for all layers.</summary>
    public int? LastLayers { get; init; }

    /// <summary>Whether to keep the statistics of heads alone: small for any number of images, but no image can be read back.</summary>
    public bool StatisticsOnly { get; init; }

    /// <summary>Which of how many equal parts of the images to do, counted from 0; join the parts with <see cref="EffectStore.Merge"/>.</summary>
    public (int Index, int Count) Shard { get; init; } = (0, 1);

    /// <summary>Whether a picture that can't be read ends the run, in place of being skipped and listed.</summary>
    public bool Strict { get; init; }

    /// <summary>Pictures with more pixels count as unreadable.</summary>
    public long MaxPixels { get; init; } = ImageDecoder.DefaultMaxPixels;

    /// <summary>The classes that the images' labels index, with their prompts and templates, so that every experiment judges by the same; null where there
    /// are none.</summary>
    public ClassList? Classes { get; init; }
}

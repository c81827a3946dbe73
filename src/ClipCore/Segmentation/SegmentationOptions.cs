using ClipCore.Images;

namespace ClipCore.Segmentation;

/// <summary>How pictures are segmented. Immutable, safe for many threads.</summary>
public sealed record SegmentationOptions
{
    /// <summary>How a mask is laid over the model's square.</summary>
    public MaskProtocol Protocol { get; init; } = MaskProtocol.Aligned;

    /// <summary>The methods to score where a mask is given; all by default.</summary>
    public IReadOnlyCollection<SegmentationMethod> Methods { get; init; } =
        [SegmentationMethod.Decomposition, SegmentationMethod.RawAttention, SegmentationMethod.Rollout, SegmentationMethod.Values];

    /// <summary>Larger pictures are refused.</summary>
    public long MaxPixels { get; init; } = ImageDecoder.DefaultMaxPixels;
}

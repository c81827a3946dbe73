using ClipCore.Decomposition;

namespace ClipCore.Explanation;

/// <summary>How to explain an image. Immutable, and so safe for many threads.</summary>
public sealed record ExplanationOptions
{
    /// <summary>
    /// Of a list of classes: how many are explained, the most probable first. Null explains all texts in the order in which they were given.
    /// </summary>
    public int? BestCount { get; init; }

    /// <summary>The convention of the mean's share. The default is the paper's.</summary>
    public MeanShare MeanShare { get; init; } = MeanShare.Even;
}

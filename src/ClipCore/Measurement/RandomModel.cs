using ClipCore.Checkpoints;

namespace ClipCore.Measurement;

/// <summary>
/// Vision towers of published architectures with random weights, for measuring speed where no checkpoint is at hand. The same name gives the same weights
/// everywhere. Safe for many threads.
/// </summary>
public static class RandomModel
{
    /// <summary>The architectures there are, such as <c>ViT-B-16</c>.</summary>
    public static IReadOnlyList<string> Architectures => RandomCheckpoint.Architectures;

    /// <summary>Makes a model.</summary>
    /// <param name="architecture">One of <see cref="Architectures"/>; capitals do not matter.</param>
    /// <param name="options">How many threads, and the like; null for the defaults. The vision tower alone is there.</param>
    /// <exception cref="UnsupportedModelException">The architecture is not known.</exception>
    public static ClipModel Create(string architecture, ClipModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(architecture);
        using RandomCheckpoint random = new(architecture);
        using Checkpoint checkpoint = random.Open();
        return ClipModel.Load(checkpoint, null, options);
    }
}

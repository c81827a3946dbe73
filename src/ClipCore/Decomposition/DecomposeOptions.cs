namespace ClipCore.Decomposition;

/// <summary>What to compute in a decomposition. Immutable, safe for many threads.</summary>
public sealed record DecomposeOptions
{
    /// <summary>How finely to split. The default is by head.</summary>
    public EffectLevel Level { get; init; } = EffectLevel.Head;

    /// <summary>The convention of the mean's share. The default is the paper's.</summary>
    public MeanShare MeanShare { get; init; } = MeanShare.Even;

    /// <summary>
    /// Directions to project every part on, made by <see cref="IImageModel.CreateDirections"/>; null gives whole vectors. Projecting is the cheap form:
    /// the directions are folded into the model once, and then a part costs a few multiplications in place of a vector.
    /// </summary>
    public EffectDirections? Directions { get; init; }
}

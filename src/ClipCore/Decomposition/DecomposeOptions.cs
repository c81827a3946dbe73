namespace ClipCore.Decomposition;

/// <summary>How finely a representation is split.</summary>
public enum EffectLevel
{
    /// <summary>Embedding, attention layers and MLPs: 2L + 1 parts.</summary>
    Layer,

    /// <summary>Attention split by head: L·H + L + 1 parts.</summary>
    Head,

    /// <summary>Attention split by head and source token (the class token and every patch): L·H·(N + 1) + L + 1 parts.</summary>
    Patch,
}

/// <summary>How the mean that the last LayerNorm subtracts is shared out. The parts differ, their sum is the same.</summary>
public enum MeanShare
{
    /// <summary>Every one of the 2L + 1 components bears an equal share of the total mean: the convention of the paper's own code.</summary>
    Even,

    /// <summary>Every component is centred by its own mean.</summary>
    Own,
}

/// <summary>What to compute in a decomposition.</summary>
public sealed record DecomposeOptions
{
    /// <summary>How finely to split. The default is by head.</summary>
    public EffectLevel Level { get; init; } = EffectLevel.Head;

    /// <summary>The convention of the mean's share. The default is the paper's.</summary>
    public MeanShare MeanShare { get; init; } = MeanShare.Even;

    /// <summary>
    /// Directions to project every part on, made by <see cref="ClipModel.CreateDirections(ReadOnlySpan{float})"/>; null gives whole vectors. Projecting is the cheap
    /// form: the directions are folded into the model once, and then a part costs a few multiplications in place of a vector.
    /// </summary>
    public EffectDirections? Directions { get; init; }
}

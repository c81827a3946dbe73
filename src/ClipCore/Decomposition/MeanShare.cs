namespace ClipCore.Decomposition;

/// <summary>How the mean that the last LayerNorm subtracts is shared out. The parts differ, their sum is the same.</summary>
public enum MeanShare
{
    /// <summary>Every one of the 2L + 1 components bears an equal share of the total mean: the convention of the paper's own code.</summary>
    Even,

    /// <summary>Every component is centred by its own mean.</summary>
    Own,
}

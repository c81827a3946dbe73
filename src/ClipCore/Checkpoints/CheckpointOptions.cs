using ClipCore.Images;

namespace ClipCore.Checkpoints;

/// <summary>How to open a checkpoint.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed record CheckpointOptions
{
    /// <summary>Which towers to use.</summary>
    public TowerSelection Towers { get; init; } = TowerSelection.All;

    /// <summary>The activation of both towers, against whatever the files say; null to believe them.</summary>
    public Activation? Activation { get; init; }

    /// <summary>
    /// How pictures are prepared, against whatever the files say; null to believe them. With <see cref="PreprocessConfig.Size"/> 0 the
    /// size is the model's own.
    /// </summary>
    public PreprocessConfig? Preprocess { get; init; }

    /// <summary>
    /// Whether to read all weights when the checkpoint is opened and refuse NaN and infinity. It is off because opening reads no weights
    /// otherwise; <see cref="ClipModel.Load(string, ClipModelOptions?)"/>, which reads them all anyway, checks unless told not to.
    /// </summary>
    public bool CheckFinite { get; init; }
}

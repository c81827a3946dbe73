namespace ClipCore.Checkpoints;

/// <summary>How to open a checkpoint.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Which towers to use.</summary>
    public TowerSelection Towers { get; init; } = TowerSelection.All;

    /// <summary>The activation of both towers, against whatever the files say; null to believe them.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Whether to read all weights once and refuse NaN and infinity.</summary>
    public bool CheckFinite { get; init; }
}

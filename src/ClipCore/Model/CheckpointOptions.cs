namespace ClipCore.Model;

/// <summary>Which towers of a checkpoint to use.</summary>
public enum TowerSelection
{
    /// <summary>All that are there.</summary>
    All,

    /// <summary>The vision tower; the text tower's weights are never touched.</summary>
    VisionOnly,

    /// <summary>The text tower; the vision tower's weights are never touched.</summary>
    TextOnly,
}

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

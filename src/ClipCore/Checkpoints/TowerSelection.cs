namespace ClipCore.Checkpoints;

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

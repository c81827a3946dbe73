namespace ClipCore.Checkpoints;

/// <summary>The vision tower: a transformer over the patches of a square picture and one class token.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed record VisionConfig : TowerConfig
{
    /// <summary>Side of the picture in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Patches along a side; pixels that make no whole patch at the right and bottom are not seen.</summary>
    public int GridSize => ImageSize / PatchSize;

    /// <summary>The class token and the patches: 1 + grid².</summary>
    public override int TokenCount => 1 + GridSize * GridSize;

    internal void Check(ConfigCheck check)
    {
        check.Range("image size", ImageSize, 1, 1 << 13);
        check.Range("patch size", PatchSize, 1, ImageSize);
        if (GridSize > 256)
            check.Fail($"{ImageSize} pixels in patches of {PatchSize} give {(long)GridSize * GridSize} tokens, too many");
        CheckTower(check, "vision");
    }
}

namespace ClipCore.DataSets;

/// <summary>How a mask is read where its file alone does not say. Immutable, safe for many threads.</summary>
public sealed record MaskOptions
{
    /// <summary>
    /// The palette index or grey value of pixels that are left out of every count; null for the usual rule: 255 in palettes, none in grey masks whose
    /// largest value is no doubt.
    /// </summary>
    public int? IgnoreValue { get; init; }

    /// <summary>Whether every pixel counts: no value is left out.</summary>
    public bool NothingIgnored { get; init; }

    /// <summary>The palette index or grey value of the background; every other value that is not left out is foreground.</summary>
    public int BackgroundValue { get; init; }

    /// <summary>Colours that are foreground; null to go by <see cref="BackgroundColors"/>, or by values where both are null.</summary>
    public IReadOnlyList<MaskColor>? ForegroundColors { get; init; }

    /// <summary>
    /// Colours that are background. Alone: all others are foreground. Together with <see cref="ForegroundColors"/>: colours in neither are left out. Null: all
    /// but the foreground's are background.
    /// </summary>
    public IReadOnlyList<MaskColor>? BackgroundColors { get; init; }
}

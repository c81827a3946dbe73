namespace ClipCore.Verification;

/// <summary>Stages of fingerprints that need something from outside the library. Those who compare must give the same.</summary>
public sealed record FingerprintExtras
{
    /// <summary>A JPEG file whose decoding is a stage; null without that stage.</summary>
    public ReadOnlyMemory<byte>? Jpeg { get; init; }

    /// <summary>How a heatmap is drawn; its pixels are a stage. Null without that stage.</summary>
    public HeatmapDrawing? DrawHeatmap { get; init; }
}

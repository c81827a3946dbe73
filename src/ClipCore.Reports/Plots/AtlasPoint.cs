using ClipCore.Decomposition;

namespace ClipCore.Reports.Plots;

/// <summary>A head in an <see cref="AtlasPlot"/>.</summary>
/// <param name="Head">Which head.</param>
/// <param name="ExplainedVariance">Share of its variance that its texts explain, from 0 to 1.</param>
/// <param name="TextCount">Number of its texts.</param>
/// <param name="IsAboutOneFactor">Whether its texts are about one factor; null where the pool names no factors.</param>
public sealed record AtlasPoint(ComponentLabel Head, double ExplainedVariance, int TextCount, bool? IsAboutOneFactor);

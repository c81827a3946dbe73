using System.Globalization;

namespace ClipCore.Reports.Plots;

/// <summary>
/// A dot for each head: how much of its variance its texts explain; coloured where they are about one factor. Safe for many threads.
/// </summary>
public static class AtlasPlot
{
    /// <summary>Draws the plot.</summary>
    /// <param name="heads">The heads, at least one.</param>
    /// <param name="layerCount">Layers of the model (L).</param>
    /// <param name="headCount">Heads of a layer (H).</param>
    /// <exception cref="ArgumentException">There is no head.</exception>
    public static Plot Draw(IReadOnlyList<AtlasPoint> heads, int layerCount, int headCount)
    {
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentOutOfRangeException.ThrowIfZero(heads.Count, nameof(heads));
        int first = heads.Min(head => head.Head.Layer), shown = layerCount - first, labelled = heads.Count(head => head.IsAboutOneFactor == true);
        string least = Whole(heads.Min(head => head.ExplainedVariance)), most = Whole(heads.Max(head => head.ExplainedVariance));
        string labels = heads.Any(head => head.IsAboutOneFactor != null)
            ? $"; orange: its texts are about one factor ({labelled} of {heads.Count} heads)" : "";
        Plot plot = new(
            $"{heads.Max(head => head.TextCount)} texts explain {least} to {most} % of what a head says",
            $"explained variance in percent, a dot for each head{labels}", "heads by layer", (0, shown), (0, 100));
        plot.VerticalAxis(0, 25, 50, 75, 100);
        plot.HorizontalAxis(Enumerable.Range(0, shown).Select(layer => (layer + 0.5, $"L{first + layer}")));
        foreach (AtlasPoint head in heads)
            plot.Dot(
                head.Head.Layer - first + ((head.Head.Head + 1.0) / (headCount + 1)), 100 * head.ExplainedVariance,
                head.IsAboutOneFactor == true ? PlotTone.Second : PlotTone.Main);
        return plot;
    }

    static string Whole(double share) => (100 * share).ToString("0", CultureInfo.InvariantCulture);
}

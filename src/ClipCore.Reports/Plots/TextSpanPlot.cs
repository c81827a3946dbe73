using System.Globalization;

namespace ClipCore.Reports.Plots;

/// <summary>What the texts of heads keep of the accuracy, by their number, beside common words and random directions. Safe for many threads.</summary>
public static class TextSpanPlot
{
    /// <summary>Draws the plot.</summary>
    /// <param name="baseline">Accuracy with nothing replaced, from 0 to 1.</param>
    /// <param name="points">Accuracies by number of texts, the smallest first; at least one.</param>
    /// <param name="classCount">Number of classes, for the level of chance.</param>
    /// <param name="layerCount">How many of the last layers have their heads replaced.</param>
    /// <exception cref="ArgumentException">There is no point, or no class.</exception>
    public static Plot Draw(double baseline, IReadOnlyList<TextSpanPoint> points, int classCount, int layerCount)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfZero(points.Count, nameof(points));
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        TextSpanPoint last = points[^1];
        Plot plot = new(
            $"{last.Count} texts a head keep {Format.Points(last.Texts)} of {Format.Points(baseline)} points",
            $"accuracy in percent, heads of the last {layerCount} layers replaced by their texts; grey: random directions", "texts of a head",
            (0, last.Count), (0, 100));
        plot.VerticalAxis(0, 20, 40, 60, 80, 100);
        plot.HorizontalAxis(points.Select(point => ((double)point.Count, point.Count.ToString(CultureInfo.InvariantCulture))));
        plot.Level(100 * baseline, "nothing replaced");
        plot.Level(100.0 / classCount, "chance");
        plot.Curve([.. points.Select(point => ((double)point.Count, 100 * point.Texts))], "texts");
        plot.Curve([.. points.Select(point => ((double)point.Count, 100 * point.CommonWords))], "common words", PlotTone.Second);
        foreach (TextSpanPoint point in points)
            foreach (double value in point.Random)
                plot.Dot(point.Count, 100 * value, PlotTone.Quiet);
        return plot;
    }
}

namespace ClipCore.Reports.Plots;

/// <summary>Bars of each score by method. Safe for many threads.</summary>
public static class SegmentationPlot
{
    /// <summary>Draws the plot.</summary>
    /// <param name="methods">The scores: first of the method the plot is about, then of those it is compared with; at least two.</param>
    /// <param name="imageCount">Number of pictures with a true mask.</param>
    /// <exception cref="ArgumentException">There are fewer than two methods.</exception>
    public static Plot Draw(IReadOnlyList<SegmentationScores> methods, int imageCount)
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentOutOfRangeException.ThrowIfLessThan(methods.Count, 2, nameof(methods));
        SegmentationScores first = methods[0], second = methods[1];
        Plot plot = new(
            $"Mean IoU is {Format.Points(first.MeanIoU)} by the {first.Method} and {Format.Points(second.MeanIoU)} by {second.Method}",
            $"scores in percent over {imageCount} pictures; in each group: {string.Join(", ", methods.Select(method => method.Method))}", "",
            (0, 3), (0, 100));
        plot.VerticalAxis(0, 25, 50, 75, 100);
        plot.HorizontalAxis([(0.5, "pixel accuracy"), (1.5, "mean IoU"), (2.5, "mean AP")]);
        double step = 0.88 / methods.Count;
        for (int m = 0; m < methods.Count; m++)
        {
            ReadOnlySpan<double> scores = [methods[m].PixelAccuracy, methods[m].MeanIoU, methods[m].MeanAP];
            for (int score = 0; score < scores.Length; score++)
                plot.Bar(
                    score + 0.5 + ((m - ((methods.Count - 1) / 2.0)) * step), step / 1.1, 100 * scores[score], m == 0 ? PlotTone.Main : PlotTone.Quiet);
        }
        return plot;
    }
}

using ClipCore.Decomposition;

namespace ClipCore.Reports.Plots;

/// <summary>The worst group before and after heads are replaced, beside random choices of as many heads. Safe for many threads.</summary>
public static class SpuriousPlot
{
    /// <summary>Draws the plot.</summary>
    /// <param name="heads">The heads that were replaced.</param>
    /// <param name="before">Accuracy of the worst group before, from 0 to 1.</param>
    /// <param name="after">Accuracy of the worst group after, from 0 to 1.</param>
    /// <param name="random">The same for random choices of as many heads, from 0 to 1; may be empty.</param>
    public static Plot Draw(IReadOnlyList<ComponentLabel> heads, double before, double after, IReadOnlyList<double> random)
    {
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentNullException.ThrowIfNull(random);
        string replaced = heads.Count == 1 ? heads[0].ToString() : $"{heads.Count} heads";
        Plot plot = new(
            $"Replacing {replaced} takes the worst group from {Format.Points(before)} to {Format.Points(after)}",
            "accuracy of the worst group in percent; dots: random choices of as many heads", "", (0, 4), (0, 100));
        plot.VerticalAxis(0, 25, 50, 75, 100);
        plot.HorizontalAxis([(1, "before"), (2, "after"), (3, "random")]);
        plot.Bar(1, 0.6, 100 * before, PlotTone.Quiet);
        plot.Bar(2, 0.6, 100 * after);
        foreach (double value in random)
            plot.Dot(3, 100 * value, PlotTone.Second);
        return plot;
    }
}

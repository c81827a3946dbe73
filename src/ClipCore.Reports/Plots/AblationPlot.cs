using System.Globalization;

namespace ClipCore.Reports.Plots;

/// <summary>
/// The accuracy with attention layers replaced one after the other, beside the levels of chance and of all MLPs replaced. Safe for many threads.
/// </summary>
public static class AblationPlot
{
    const double SmallLoss = 0.02;

    /// <summary>Draws the plot.</summary>
    /// <param name="baseline">Accuracy with nothing replaced, from 0 to 1.</param>
    /// <param name="mlps">Accuracy with all MLPs replaced, from 0 to 1.</param>
    /// <param name="cumulative">Accuracy with attention layers 0 … i replaced, from 0 to 1. [L]</param>
    /// <param name="classCount">Number of classes, for the level of chance.</param>
    /// <param name="data">Name of the data.</param>
    /// <param name="imageCount">Number of images.</param>
    /// <exception cref="ArgumentException">There is no layer, or no class.</exception>
    public static Plot Draw(double baseline, double mlps, IReadOnlyList<double> cumulative, int classCount, string data, int imageCount)
    {
        ArgumentNullException.ThrowIfNull(cumulative);
        ArgumentOutOfRangeException.ThrowIfZero(cumulative.Count, nameof(cumulative));
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        int layers = cumulative.Count, flat = 0;
        while (flat < layers && cumulative[flat] >= baseline - SmallLoss)
            flat++;
        string finding = flat == 0 ? $"Replacing the first attention layer costs {Format.Points(baseline - cumulative[0])} points"
            : $"Replacing the first {flat} of {layers} attention layers costs {Format.Points(Math.Max(0, baseline - cumulative[flat - 1]))} points";
        Plot plot = new(
            finding, $"accuracy in percent with attention layers 0 … i replaced by their means; {data}, {imageCount} images", "last replaced layer i",
            (-1, layers - 1), (0, 100));
        plot.VerticalAxis(0, 20, 40, 60, 80, 100);
        // Beyond a dozen layers only every fourth has room for its number.
        IEnumerable<int> marked = Enumerable.Range(0, layers).Where(layer => layers <= 12 || layer % 4 == 3);
        plot.HorizontalAxis([(-1, "none"), .. marked.Select(layer => ((double)layer, layer.ToString(CultureInfo.InvariantCulture)))]);
        plot.Level(100.0 / classCount, "chance");
        plot.Curve([(-1, 100 * baseline), .. cumulative.Select((value, layer) => ((double)layer, 100 * value))], "");
        plot.Level(100 * mlps, "all MLPs replaced");
        return plot;
    }
}

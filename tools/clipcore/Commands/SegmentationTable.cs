using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Segmentation;

namespace ClipCore.Cli.Commands;

/// <summary>Scores over a set: decomposition, raw attention, rollout, values.</summary>
sealed record SegmentationTable(int ImageCount, PixelCounts[] Counts, double[] MeanAP)
{
    const int Methods = 4;

    public static SegmentationTable Of(SegmentedImage[] images)
    {
        MaskScore[][] scored = [.. images.Where(image => image.Scores != null).Select(image => image.Scores!)];
        PixelCounts[] counts = new PixelCounts[Methods];
        double[] precision = new double[Methods];
        foreach (MaskScore[] scores in scored)
            for (int method = 0; method < Methods; method++)
            {
                counts[method] += scores[method].Counts;
                precision[method] += scores[method].AveragePrecision / scored.Length;
            }
        return new SegmentationTable(scored.Length, counts, precision);
    }
}

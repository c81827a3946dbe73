using System.Diagnostics;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Lanes;
using ClipCore.Measurement;
using ClipCore.Model;

namespace ClipCore.Peers;

/// <summary>ClipCore and ONNX Runtime in turns on the same weights and pixels.</summary>
static class Pair
{
    // ONNX Runtime's and our threads go on spinning for some milliseconds; neither may take the other's core.
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(40);

    static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2.5);

    /// <summary>Measures.</summary>
    /// <param name="peerModel">The model on disk.</param>
    /// <param name="batch">Images of a pass.</param>
    /// <param name="threads">Threads of either side.</param>
    /// <param name="runs">Pairs.</param>
    public static PairResult Run(PeerModel peerModel, int batch, int threads, int runs)
    {
        ClipModelOptions options = new() { Towers = TowerSelection.VisionOnly, Threads = threads };
        using ClipModel model = ClipModel.Load(peerModel.Folder, options);
        VisionConfig config = model.Config.Vision!;
        float[] pixels = MakePixels(batch * model.PixelCount);
        float[] ours = new float[batch * model.EmbedWidth], theirs = new float[ours.Length];
        using OnnxPeer peer = Fastest(peerModel, config, batch, threads, pixels, theirs);

        // Until the runtime has compiled every method with all optimisations, which it does in the background.
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 2 || Stopwatch.GetElapsedTime(start) < s_warmUp; i++)
        {
            Time(() => model.EncodeImages(pixels, ours));
            Time(peer.Encode);
        }
        double peak = FmaPeak.Measure(model.Isa, threads);
        double[] oursMs = new double[runs], peerMs = new double[runs];
        for (int run = 0; run < runs; run++)
        {
            oursMs[run] = Time(() => model.EncodeImages(pixels, ours));
            peerMs[run] = Time(peer.Encode);
        }
        peak = Math.Max(peak, FmaPeak.Measure(model.Isa, threads));

        double flops = FlopCount.Image(config, model.EmbedWidth) * batch;
        return new PairResult(
            Median(oursMs), Median(peerMs), Median([.. oursMs.Zip(peerMs, (a, b) => b / a)]), flops / (Median(oursMs) * 1e6) / peak,
            MaxDifference(ours, theirs, model.EmbedWidth));
    }

    /// <summary>The peer with whichever spelling of attention runs faster here.</summary>
    static OnnxPeer Fastest(PeerModel model, VisionConfig config, int batch, int threads, float[] pixels, float[] representations)
    {
        OnnxPeer? best = null;
        double bestMs = double.PositiveInfinity;
        foreach (AttentionSpelling spelling in Enum.GetValues<AttentionSpelling>())
        {
            string path = Path.Combine(model.Folder, FormattableString.Invariant($"{spelling}-{batch}.onnx"));
            VisionGraph.Save(model.Folder, path, config, representations.Length / batch, batch, spelling);
            OnnxPeer peer = new(path, threads, pixels, representations, batch, config.ImageSize);
            Time(peer.Encode);
            double ms = Enumerable.Range(0, 3).Min(_ => Time(peer.Encode));
            (OnnxPeer? slower, best, bestMs) = ms < bestMs ? (best, peer, ms) : (peer, best, bestMs);
            slower?.Dispose();
        }
        return best!;
    }

    /// <summary>Milliseconds of an action, after a pause.</summary>
    public static double Time(Action action)
    {
        Thread.Sleep(s_pause);
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Pixels that are the same everywhere.</summary>
    public static float[] MakePixels(int count)
    {
        float[] pixels = new float[count];
        for (int i = 0; i < count; i++)
            pixels[i] = (((i * 7919L) % 2003) / 1001f) - 1;
        return pixels;
    }

    static double MaxDifference(float[] ours, float[] theirs, int width)
    {
        double largest = 0;
        for (int first = 0; first < ours.Length; first += width)
        {
            double norm = Math.Sqrt(theirs.AsSpan(first, width).ToArray().Sum(x => (double)x * x));
            for (int i = first; i < first + width; i++)
                largest = Math.Max(largest, Math.Abs(ours[i] - (theirs[i] / norm)));
        }
        return largest;
    }

    /// <summary>The median.</summary>
    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Decomposition;

namespace ClipCore.Peers;

/// <summary>The full tensor of direct effects (layers × patches × heads) of one image: ClipCore beside the paper's method under PyTorch.</summary>
/// <param name="OursMs">Median of ClipCore's times in milliseconds.</param>
/// <param name="PaperMs">Median of PyTorch's with the weighted values of every query, as the published code has it.</param>
/// <param name="ClassOnlyMs">Median of PyTorch's for the class token's query alone.</param>
/// <param name="MaxDifference">Largest difference of any effect.</param>
/// <param name="Torch">PyTorch's version.</param>
sealed record PaperDecomposition(double OursMs, double PaperMs, double ClassOnlyMs, double MaxDifference, string Torch)
{
    const string Python = "/usr/bin/python3";

    /// <summary>Measures both, each alone on the machine.</summary>
    /// <exception cref="InvalidOperationException">The script failed: PyTorch is missing.</exception>
    public static PaperDecomposition Run(PeerModel peerModel, int threads, int runs)
    {
        using ClipModel model = ClipModel.Load(peerModel.Folder, new ClipModelOptions { Towers = TowerSelection.VisionOnly, Threads = threads });
        float[] pixels = Pair.MakePixels(model.PixelCount);
        string pixelsPath = Path.Combine(peerModel.Folder, "pixels.f32"), outPath = Path.Combine(peerModel.Folder, "effects.f32");
        File.WriteAllBytes(pixelsPath, MemoryMarshal.AsBytes<float>(pixels).ToArray());
        (double paper, string torch) = Script(peerModel.Folder, pixelsPath, outPath, threads, runs, "all");
        (double classOnly, _) = Script(peerModel.Folder, pixelsPath, outPath, threads, runs, "class");
        float[] theirs = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(outPath)).ToArray();

        DecomposeOptions options = new() { Level = EffectLevel.Patch };
        DirectEffects effects = model.Decompose(pixels, options);
        double[] times = new double[runs];
        for (int run = 0; run < runs; run++)
            times[run] = Pair.Time(() => model.Decompose(pixels, options, effects));
        double difference = effects.AttentionValues.Zip(theirs, (a, b) => Math.Abs((double)a - b)).Max();
        return new PaperDecomposition(Pair.Median(times), paper, classOnly, difference, torch);
    }

    static (double Milliseconds, string Torch) Script(string folder, string pixels, string output, int threads, int runs, string queries)
    {
        ProcessStartInfo start = new(Python) { RedirectStandardOutput = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "paper_decomposition.py"), folder, pixels, output,
            "--threads", threads.ToString(CultureInfo.InvariantCulture), "--runs", runs.ToString(CultureInfo.InvariantCulture), "--queries", queries])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"paper_decomposition.py failed under {Python}: install python3-torch and python3-numpy.");
        using JsonDocument json = JsonDocument.Parse(text);
        return (json.RootElement.GetProperty("milliseconds").GetDouble(), json.RootElement.GetProperty("torch").GetString()!);
    }
}

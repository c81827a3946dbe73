using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Benchmarking;
using ClipCore.Decomposition;
using ClipCore.Lanes;
using ClipCore.Model;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore bench</c>: how fast a model runs on this machine, beside what the machine could do.</summary>
static class BenchCommand
{
    const string Random = "random:";

    public static Command Create()
    {
        Command command = new("bench", "Measures this machine's peak of fused multiply-adds, the time of an image and where it goes; --model random:ViT-B-16 needs no file.");
        Option<int> batch = new("--batch") { Description = "Images of a pass (default 1).", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<double> seconds = new("--seconds") { Description = "How long to measure (default 3).", HelpName = "S", DefaultValueFactory = _ => 3 };
        command.Options.Add(batch);
        command.Options.Add(seconds);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            int images = result.GetValue(batch);
            if (images is < 1 or > 1024)
                throw new UserException($"--batch {images} must lie in 1 … 1024.");
            if (result.GetValue(seconds) is not (> 0 and <= 3600))
                throw new UserException("--seconds must be above 0 and at most 3600.");
            long start = Stopwatch.GetTimestamp();
            TimedKernels? timed = null;
            Func<ClipModelOptions, ClipModelOptions> watch = options => options with { WrapKernels = (kernels, config) => timed = new TimedKernels(kernels, config.MlpWidth, 3 * config.PatchSize * config.PatchSize) };
            using RandomCheckpoint? random = model.Path(result)?.StartsWith(Random, StringComparison.Ordinal) == true ? new RandomCheckpoint(model.Path(result)![Random.Length..]) : null;
            double prepared = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            using ClipModel loaded = random == null ? model.Load(result, TowerSelection.VisionOnly, watch) : model.Load(result, random.Open, watch);
            double load = Stopwatch.GetElapsedTime(start).TotalSeconds;
            BenchResult found = Run(loaded, timed!, images, result.GetValue(seconds), load);
            found.Print(json.Text(result), model.Path(result) ?? DemoModel.Name);
            json.Write(result, found.Write);
        });
        return command;
    }

    static BenchResult Run(ClipModel model, TimedKernels timed, int images, double seconds, double load)
    {
        float[] pixels = new float[images * model.PixelCount];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (((i * 7919L) % 2003) / 1001f) - 1;
        float[] representations = new float[images * model.EmbedWidth];
        model.EncodeImages(pixels, representations);
        long encodePeak = PeakMemory();
        using EffectDirections two = model.CreateDirections([.. Enumerable.Range(0, 2 * model.EmbedWidth).Select(i => ((i * 37) % 101) / 500f)]);
        (string Name, DecomposeOptions Options)[] kinds =
        [
            ("layers", new DecomposeOptions { Level = EffectLevel.Layer }),
            ("heads", new DecomposeOptions { Level = EffectLevel.Head }),
            ("heads × patches on 2 texts", new DecomposeOptions { Level = EffectLevel.Patch, Directions = two }),
            ("heads × patches, full", new DecomposeOptions { Level = EffectLevel.Patch }),
        ];
        DirectEffects[] reuse = [.. kinds.Select(kind => model.Decompose(pixels, kind.Options))];
        double peak = FmaPeak.Measure(model.Isa, model.ThreadCount);

        // Encode and decompose in turns, so that a slow moment of the machine meets all of them; medians of times and of ratios.
        List<double> encode = [];
        List<double>[] ratios = [.. kinds.Select(_ => new List<double>())];
        Dictionary<string, double> stages = TimedKernels.Stages.ToDictionary(stage => stage, _ => 0.0);
        long start = Stopwatch.GetTimestamp();
        long allocated = GC.GetTotalAllocatedBytes(true), encodes = 0;
        while (encode.Count < 3 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            timed.Reset();
            double plain = Time(() => model.EncodeImages(pixels, representations));
            encodes++;
            encode.Add(plain);
            foreach (string stage in TimedKernels.Stages)
                stages[stage] += timed.Seconds(stage);
            stages["other"] += plain - TimedKernels.Stages.Sum(timed.Seconds);
            for (int k = 0; k < kinds.Length; k++)
            {
                int index = k;
                ratios[k].Add(Time(() => model.Decompose(pixels, kinds[index].Options, reuse[index])) / plain);
            }
        }
        double flops = FlopCount.Image(model.Config.Vision!, model.EmbedWidth) * images;
        return new BenchResult(
            model.Isa, model.ThreadCount, images, load, peak, Median(encode) / images * 1e3, flops / Median(encode) / 1e9, model.ResidentBytes, encodePeak, PeakMemory(),
            [.. stages.Select(stage => (stage.Key, stage.Value / encode.Sum()))], [.. kinds.Select((kind, k) => (kind.Name, Median(ratios[k])))]);
    }

    static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    static long PeakMemory()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}

using System.Diagnostics;
using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore.Measurement;

/// <summary>
/// Measures how fast a model runs on this machine, beside what the machine could do. It loads the model itself, with kernels that keep the time of each
/// stage. For one thread at a time: two measurements at once would disturb each other.
/// </summary>
public sealed class ModelBenchmark : IDisposable
{
    const int LeastPasses = 3;

    readonly TimedKernels _timed;
    readonly double _loadSeconds;

    ModelBenchmark(ClipModel model, TimedKernels timed, double loadSeconds) => (Model, _timed, _loadSeconds) = (model, timed, loadSeconds);

    /// <summary>The model that is measured; disposed with this object.</summary>
    public ClipModel Model { get; }

    /// <summary>Loads the vision tower of a model from a folder, a <c>.safetensors</c> file or the index of a sharded checkpoint.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="options">How many threads, and the like; null for the defaults.</param>
    /// <exception cref="CheckpointException">The model can't be used, or has no vision tower.</exception>
    /// <exception cref="Safetensors.SafetensorsException">A file of weights is damaged.</exception>
    /// <exception cref="IOException">A file is missing or unreadable.</exception>
    public static ModelBenchmark Load(string path, ClipModelOptions? options = null) =>
        Load((options ?? new ClipModelOptions()) with { Towers = TowerSelection.VisionOnly }, changed => ClipModel.Load(path, changed));

    /// <summary>Loads the model of an open checkpoint, such as one over an embedded resource; it may be disposed afterwards.</summary>
    /// <param name="checkpoint">The weights, those of a vision tower among them.</param>
    /// <param name="options">How many threads, and the like; null for the defaults.</param>
    /// <exception cref="ArgumentException">The checkpoint has no vision tower, or it was left out.</exception>
    public static ModelBenchmark Load(Checkpoint checkpoint, ClipModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Config.Vision == null)
            throw new ArgumentException($"{checkpoint.Source} has no vision tower to measure, or it was left out.", nameof(checkpoint));
        return Load(options ?? new ClipModelOptions(), changed => ClipModel.Load(checkpoint, null, changed));
    }

    /// <summary>Makes a model with random weights, for which no file is needed.</summary>
    /// <param name="architecture">One of <see cref="RandomModel.Architectures"/>.</param>
    /// <param name="options">How many threads, and the like; null for the defaults.</param>
    /// <exception cref="UnsupportedModelException">The architecture is not known.</exception>
    public static ModelBenchmark LoadRandom(string architecture, ClipModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(architecture);
        using RandomCheckpoint random = new(architecture);
        using Checkpoint checkpoint = random.Open();
        return Load(checkpoint, options);
    }

    /// <summary>Measures.</summary>
    /// <param name="images">Images of a pass, from 1 to 1024.</param>
    /// <param name="seconds">How long to measure, above 0 and at most 3600; three passes are done in any case.</param>
    /// <param name="cancellation">Looked at between passes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public ModelBenchmarkResult Run(int images = 1, double seconds = 3, CancellationToken cancellation = default)
    {
        if (images is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(images), images, "Must lie in 1 … 1024.");
        if (seconds is not (> 0 and <= 3600))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "Must be above 0 and at most 3600.");
        ClipModel model = Model;
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
        while (encode.Count < LeastPasses || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            _timed.Reset();
            double plain = Time(() => model.EncodeImages(pixels, representations));
            encode.Add(plain);
            foreach (string stage in TimedKernels.Stages)
                stages[stage] += _timed.Seconds(stage);
            stages["other"] += plain - TimedKernels.Stages.Sum(_timed.Seconds);
            for (int k = 0; k < kinds.Length; k++)
                ratios[k].Add(Time(() => model.Decompose(pixels, kinds[k].Options, reuse[k])) / plain);
        }
        double flops = FlopCount.Image(model.VisionConfig, model.EmbedWidth) * images, all = encode.Sum();
        return new ModelBenchmarkResult
        {
            Isa = model.Isa,
            Threads = model.ThreadCount,
            Batch = images,
            LoadSeconds = _loadSeconds,
            PeakGflops = peak,
            ImageMilliseconds = Median(encode) / images * 1e3,
            Gflops = flops / Median(encode) / 1e9,
            WeightBytes = model.ResidentBytes,
            EncodePeakBytes = encodePeak,
            PeakBytes = PeakMemory(),
            Stages = [.. TimedKernels.Stages.Select(stage => new StageShare(stage, stages[stage] / all))],
            Decompositions = [.. kinds.Select((kind, k) => new DecompositionCost(kind.Name, Median(ratios[k])))],
        };
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();

    static ModelBenchmark Load(ClipModelOptions options, Func<ClipModelOptions, ClipModel> load)
    {
        TimedKernels? timed = null;
        options = options with
        {
            WrapKernels = (kernels, config) => timed = new TimedKernels(kernels, config.MlpWidth, 3 * config.PatchSize * config.PatchSize),
        };
        long start = Stopwatch.GetTimestamp();
        ClipModel model = load(options);
        return new ModelBenchmark(model, timed!, Stopwatch.GetElapsedTime(start).TotalSeconds);
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

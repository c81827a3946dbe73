using BenchmarkDotNet.Attributes;
using ClipCore.Checkpoints;

namespace ClipCore.Benchmarks;

/// <summary>From a file of ViT-B/16 in fp32 (345 MB, in the machine's file cache) to a model that is ready to run.</summary>
public class LoadBenchmarks
{
    string _folder = "";

    /// <summary>Threads that pack.</summary>
    [ParamsSource(nameof(AllThreads))]
    public int Threads { get; set; }

    /// <summary>Values of <see cref="Threads"/>.</summary>
    public static IEnumerable<int> AllThreads => FmaPeaks.ThreadCounts;

    /// <summary>Writes the file, which brings it into the cache.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("clipcore-bench-").FullName;
        RandomModels.Checkpoint("ViT-B-16").Save(_folder);
    }

    /// <summary>Deletes it.</summary>
    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    /// <summary>Maps the file, reads its header and configuration, checks names, shapes and types.</summary>
    [Benchmark(Description = "open and check")]
    public void Open() => Checkpoint.Open(_folder).Dispose();

    /// <summary>Packs the weights as they are.</summary>
    [Benchmark(Description = "load")]
    public void Load() => ClipModel.Load(_folder, new ClipModelOptions { Threads = Threads }).Dispose();

    /// <summary>Packs the weights rounded to 16 bits.</summary>
    [Benchmark(Description = "load, --weights half")]
    public void LoadHalf() => ClipModel.Load(_folder, new ClipModelOptions { Threads = Threads, Weights = WeightFormat.Half }).Dispose();
}

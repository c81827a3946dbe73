namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore bench</c>.</summary>
sealed record BenchResults(
    int RegisterBits, int Threads, int Batch, double LoadSeconds, double PeakGflops, double ImageMs, double Gflops, double ShareOfPeak,
    long WeightBytes, long EncodePeakMemoryBytes, long PeakMemoryBytes, Dictionary<string, double> Stages, Dictionary<string, double> Decompose);

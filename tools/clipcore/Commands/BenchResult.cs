using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ClipCore.Lanes;

namespace ClipCore.Cli.Commands;

/// <summary>What was measured.</summary>
sealed record BenchResult(
    Isa Isa, int Threads, int Batch, double LoadSeconds, double PeakGflops, double ImageMs, double Gflops, long WeightBytes, long EncodePeakBytes, long PeakBytes,
    (string Name, double Share)[] Stages, (string Name, double Ratio)[] Decompositions)
{
    double ShareOfPeak => Gflops / PeakGflops;

    /// <summary>Prints the table.</summary>
    public void Print(TextWriter print, string model)
    {
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"model          {model}: {WeightBytes / 1e6:0} MB of weights, loaded in {LoadSeconds:0.00} s"));
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"computed with  {(Isa == Isa.Scalar ? "scalar code" : $"{(int)Isa}-bit registers")}, {Threads} {(Threads == 1 ? "thread" : "threads")}, batch {Batch}"));
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"FMA peak       {PeakGflops:0.0} GFLOP/s"));
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"encode         {ImageMs:0.00} ms an image, {Gflops:0.0} GFLOP/s, {ShareOfPeak:0.0%} of peak"));
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak memory    {EncodePeakBytes / 1e6:0} MB after an encode, {PeakBytes / 1e6:0} MB after decomposing"));
        print.WriteLine("where the time goes");
        foreach ((string name, double share) in Stages.Where(stage => stage.Share >= 0.0005))
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-28}{share,7:0.0%}"));
        print.WriteLine("decompose, as a multiple of encode");
        foreach ((string name, double ratio) in Decompositions)
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-28}{ratio,7:0.000}"));
    }

    /// <summary>Writes JSON.</summary>
    public void Write(System.Text.Json.Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("registerBits", Isa == Isa.Scalar ? 32 : (int)Isa);
        json.WriteNumber("threads", Threads);
        json.WriteNumber("batch", Batch);
        json.WriteNumber("loadSeconds", LoadSeconds);
        json.WriteNumber("peakGflops", PeakGflops);
        json.WriteNumber("imageMs", ImageMs);
        json.WriteNumber("gflops", Gflops);
        json.WriteNumber("shareOfPeak", ShareOfPeak);
        json.WriteNumber("weightBytes", WeightBytes);
        json.WriteNumber("encodePeakMemoryBytes", EncodePeakBytes);
        json.WriteNumber("peakMemoryBytes", PeakBytes);
        json.WriteStartObject("stages");
        foreach ((string name, double share) in Stages)
            json.WriteNumber(name, share);
        json.WriteEndObject();
        json.WriteStartObject("decompose");
        foreach ((string name, double ratio) in Decompositions)
            json.WriteNumber(name, ratio);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

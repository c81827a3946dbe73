using System.Globalization;
using ClipCore.Lanes;
using ClipCore.Measurement;

namespace ClipCore.Cli.Commands;

/// <summary>What was measured.</summary>
sealed class BenchResult(ModelBenchmarkResult found)
{
    /// <summary>Prints the table.</summary>
    public void Print(TextWriter print, string model)
    {
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"model          {model}: {found.WeightBytes / 1e6:0} MB of weights, loaded in {found.LoadSeconds:0.00} s"));
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"computed with  {(found.Isa == Isa.Scalar ? "scalar code" : $"{(int)found.Isa}-bit registers")}, {found.Threads} {(found.Threads == 1 ? "thread" : "threads")}, batch {found.Batch}"));
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"FMA peak       {found.PeakGflops:0.0} GFLOP/s"));
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"encode         {found.ImageMilliseconds:0.00} ms an image, {found.Gflops:0.0} GFLOP/s, {found.ShareOfPeak:0.0%} of peak"));
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak memory    {found.EncodePeakBytes / 1e6:0} MB after an encode, {found.PeakBytes / 1e6:0} MB after decomposing"));
        print.WriteLine("where the time goes");
        foreach ((string name, double share) in found.Stages.Where(stage => stage.Share >= 0.0005))
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-28}{share,7:0.0%}"));
        print.WriteLine("decompose, as a multiple of encode");
        foreach ((string name, double ratio) in found.Decompositions)
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-28}{ratio,7:0.000}"));
    }

    /// <summary>Writes JSON.</summary>
    public void Write(System.Text.Json.Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("registerBits", found.Isa == Isa.Scalar ? 32 : (int)found.Isa);
        json.WriteNumber("threads", found.Threads);
        json.WriteNumber("batch", found.Batch);
        json.WriteNumber("loadSeconds", found.LoadSeconds);
        json.WriteNumber("peakGflops", found.PeakGflops);
        json.WriteNumber("imageMs", found.ImageMilliseconds);
        json.WriteNumber("gflops", found.Gflops);
        json.WriteNumber("shareOfPeak", found.ShareOfPeak);
        json.WriteNumber("weightBytes", found.WeightBytes);
        json.WriteNumber("encodePeakMemoryBytes", found.EncodePeakBytes);
        json.WriteNumber("peakMemoryBytes", found.PeakBytes);
        json.WriteStartObject("stages");
        foreach ((string name, double share) in found.Stages)
            json.WriteNumber(name, share);
        json.WriteEndObject();
        json.WriteStartObject("decompose");
        foreach ((string name, double ratio) in found.Decompositions)
            json.WriteNumber(name, ratio);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

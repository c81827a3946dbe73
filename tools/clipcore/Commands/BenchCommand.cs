using System.CommandLine;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.Decomposition;
using ClipCore.Lanes;
using ClipCore.Measurement;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore bench</c>: how fast a model runs on this machine, beside what the machine could do.</summary>
static class BenchCommand
{
    const string Random = "random:";

    public static Command Create()
    {
        Command command = new(
            "bench", "Measure the machine's peak of fused multiply-adds, the time of an image and where it goes; --model random:ViT-B-16 needs no file.");
        Option<int> batch = new("--batch") { Description = "Images of a pass (default 1).", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<double> seconds = new("--seconds") { Description = "How long to measure (default 3).", HelpName = "S", DefaultValueFactory = _ => 3 };
        command.Options.Add(batch);
        command.Options.Add(seconds);
        ModelArguments model = new(command, texts: false, pictures: false);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            int images = Given.Within("--batch", result.GetValue(batch), 1, 1024);
            if (result.GetValue(seconds) is not (> 0 and <= 3600))
                throw new UserException("--seconds must be above 0 and at most 3600.");
            string? path = model.Path(result);
            using ModelBenchmark benchmark = Load(path, model.Options(result, TowerSelection.VisionOnly));
            ModelBenchmarkResult found = benchmark.Run(images, result.GetValue(seconds), cancellation);
            ModelIdentity identity = benchmark.Model.Identity with { Name = path ?? DemoModel.Name };
            Print(json.Text(result), identity.Name, found);
            BenchResults results = new(
                found.Isa == Isa.Scalar ? 32 : (int)found.Isa, found.Threads, found.Batch, found.LoadSeconds, found.PeakGflops, found.ImageMilliseconds,
                found.Gflops,
                found.ShareOfPeak, found.WeightBytes, found.EncodePeakBytes, found.PeakBytes,
                found.Stages.ToDictionary(stage => stage.Name, stage => stage.Share), found.Decompositions.ToDictionary(cost => cost.Name, cost => cost.Ratio));
            json.Write(result, identity, null, results, ResultsContext.Default.EnvelopeBenchResults);
        });
        return command;
    }

    static ModelBenchmark Load(string? path, ClipModelOptions options)
    {
        if (path?.StartsWith(Random, StringComparison.Ordinal) == true)
            return ModelBenchmark.LoadRandom(path[Random.Length..], options);
        if (path != null)
            return ModelBenchmark.Load(path, options);
        using Checkpoint checkpoint = DemoModel.OpenCheckpoint(new CheckpointOptions { Towers = TowerSelection.VisionOnly, Activation = options.Activation });
        return ModelBenchmark.Load(checkpoint, options);
    }

    static void Print(TextWriter print, string model, ModelBenchmarkResult found)
    {
        void Line(FormattableString text) => print.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        Line($"model          {model}: {found.WeightBytes / 1e6:0} MB of weights, loaded in {found.LoadSeconds:0.00} s");
        string registers = found.Isa == Isa.Scalar ? "scalar code" : $"{(int)found.Isa}-bit registers";
        Line($"computed with  {registers}, {found.Threads} {(found.Threads == 1 ? "thread" : "threads")}, batch {found.Batch}");
        Line($"FMA peak       {found.PeakGflops:0.0} GFLOP/s");
        Line($"encode         {found.ImageMilliseconds:0.00} ms an image, {found.Gflops:0.0} GFLOP/s, {found.ShareOfPeak:0.0%} of peak");
        Line($"peak memory    {found.EncodePeakBytes / 1e6:0} MB after an encode, {found.PeakBytes / 1e6:0} MB after decomposing");
        print.WriteLine("where the time goes");
        foreach (StageShare stage in found.Stages.Where(stage => stage.Share >= 0.0005))
            Line($"  {stage.Name,-28}{stage.Share,7:0.0%}");
        print.WriteLine("decompose, as a multiple of encode");
        foreach (DecompositionCost cost in found.Decompositions)
            Line($"  {cost.Name,-28}{cost.Ratio,7:0.000}");
    }
}

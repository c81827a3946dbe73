using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.Measurement;

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
            using ModelBenchmark benchmark = Load(model.Path(result), model.Options(result, TowerSelection.VisionOnly));
            BenchResult found = new(benchmark.Run(images, result.GetValue(seconds)));
            found.Print(json.Text(result), model.Path(result) ?? DemoModel.Name);
            json.Write(result, found.Write);
        });
        return command;
    }

    static ModelBenchmark Load(string? path, ClipModelOptions options)
    {
        if (path?.StartsWith(Random, StringComparison.Ordinal) == true)
            return ModelBenchmark.LoadRandom(path[Random.Length..], options);
        if (path != null)
            return ModelBenchmark.Load(ModelArguments.Require(path), options);
        using Checkpoint checkpoint = DemoModel.OpenCheckpoint(options.Checkpoint);
        return ModelBenchmark.Load(checkpoint, options);
    }
}

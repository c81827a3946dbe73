using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore run</c>: the effects of a data set of any size, kept in a store.</summary>
static class RunCommand
{
    public static Command Create()
    {
        Command command = new(
            "run", "Pass over a data set and keep what every head, MLP and image says in a store; interrupted at any moment it goes on where it was.");
        Argument<string?> source = new("data")
        {
            Description = "Pictures: a folder, a folder of class folders, ImageNet's or Waterbirds' folder, or a list (.csv, .tsv, .json, .jsonl).",
            HelpName = "DATA",
            DefaultValueFactory = _ => null,
        };
        Option<string?> data = new("--data") { Description = "The same as the argument.", HelpName = "DATA" };
        Option<string> output = new("--out") { Description = "The store's folder.", HelpName = "STORE", Required = true };
        Option<string?> dtype = Choice.Of("--dtype", "How numbers are kept (default f32).", ["f32", "f16"]);
        Option<int?> layers = new("--layers")
        {
            Description = "Keep the heads of the last N layers one by one, and of earlier layers their sum (default: all).",
            HelpName = "N",
        };
        Option<bool> statistics = new("--statistics-only")
        {
            Description = "Keep the statistics alone: enough for the texts of textspan and heads, and small for any number of images.",
        };
        Option<string?> shard = new("--shard")
        {
            Description = "Do only the i-th of n parts, counted from 1; join them with clipcore merge.",
            HelpName = "i/n",
        };
        Option<string?> split = new("--split") { Description = "Only the pictures of this split (of lists that name splits).", HelpName = "NAME" };
        command.Arguments.Add(source);
        foreach (Option option in (Option[])[data, output, layers, dtype, statistics, shard, split])
            command.Options.Add(option);
        ClassArguments classes = new(command);
        ImageLimit limit = new(command);
        DataArguments layout = new(command);
        ModelArguments model = new(command, texts: false);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            (int index, int count) = Shard(result.GetValue(shard));
            if (result.GetValue(source) != null && result.GetValue(data) != null)
                throw new UserException("pictures were given as an argument and with --data: take one of them.");
            string path = Given.Path(
                "--data", result.GetValue(source) ?? result.GetValue(data) ?? throw new UserException("no pictures were given: name a folder or a list."));
            ImageSet images = layout.Open(result, path);
            if (result.GetValue(split) is { } name)
                images = images.OfSplit(name);
            using ClipModel loaded = model.Load(result, TowerSelection.VisionOnly);
            if (result.GetValue(layers) is { } last)
                Given.Within("--layers", last, 1, loaded.VisionConfig.LayerCount);
            int largest = images.Entries.Max(entry => entry.Label);
            StoreOptions options = new()
            {
                DType = result.GetValue(dtype) == "f16" ? DType.F16 : DType.F32,
                LastLayers = result.GetValue(layers),
                StatisticsOnly = result.GetValue(statistics),
                Shard = (index, count),
                Strict = limit.IsStrict(result),
                MaxPixels = limit.Read(result),
                Classes = Classes(result, classes, model.Path(result), images, largest),
            };
            string folder = Given.Path("--out", result.GetValue(output)!);
            long start = Stopwatch.GetTimestamp();
            StoreRunResult done;
            using (Progress progress = new("running", "images", images.Count / count))
                done = EffectStore.Run(loaded, images, folder, options, progress, cancellation);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            using Process self = Process.GetCurrentProcess();
            Skips.Tell(result, done.Skipped);
            json.Text(result).WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{done.Images} images{(count > 1 ? $", shard {index + 1} of {count}" : "")} -> {folder}; {done.Skipped.Count} skipped; {seconds:0.0} s, at "
                    + $"most {self.PeakWorkingSet64 / 1e6:0} MB of memory"));
            RunResults results = new(folder, done.Images, index + 1, count, Skips.Of(done.Skipped), seconds, self.PeakWorkingSet64);
            json.Write(result, loaded.Identity, images.Name, results, ResultsContext.Default.EnvelopeRunResults);
            return Skips.Code(done.Skipped.Count);
        });
        return command;
    }

    /// <summary>The classes that the store keeps: those given, or those of the model that the data names; none where nothing is sure.</summary>
    static ClassList? Classes(ParseResult result, ClassArguments arguments, string? modelPath, ImageSet images, int largest)
    {
        if (arguments.AreGiven(result))
            return JudgedClasses.Find(result, arguments, modelPath, images.Name, images.ClassNames, largest, null, areNumbersUnknown: false)!.Classes;
        if (images.ClassNames.Count == 0)
            return null;
        return arguments.OfModel(result, modelPath).FirstOrDefault(list => list.Matches(images.ClassNames))?.Match(images.ClassNames, images.Name);
    }

    static (int Index, int Count) Shard(string? text)
    {
        if (text == null)
            return (0, 1);
        string[] parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && index >= 1 && index <= count
            ? (index - 1, count)
            : throw new UserException($"--shard {text} is no part: write i/n, such as 2/4 for the second of four.");
    }
}

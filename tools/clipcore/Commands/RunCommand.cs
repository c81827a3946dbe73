using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.EffectSets;
using ClipCore.Files;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore run</c>: the effects of a data set of any size, kept in a store.</summary>
static class RunCommand
{
    public static Command Create()
    {
        Command command = new("run", "Passes over a data set and keeps what every head, MLP and image says in a store: k + 3 numbers a head, and statistics. Interrupted at any moment it goes on where it was.");
        Argument<string> data = new("data") { Description = "Pictures: a folder, a folder of class folders, a folder with metadata.csv (Waterbirds), or a list (.csv, .json).", HelpName = "DATA" };
        Option<string> output = new("--out") { Description = "The store's folder.", HelpName = "STORE", Required = true };
        Option<string> dtype = new("--dtype") { Description = "How numbers are kept: f32 (default) or f16.", HelpName = "TYPE", DefaultValueFactory = _ => "f32" };
        Option<int?> layers = new("--layers") { Description = "Keep the heads of the last N layers one by one, and of earlier layers their sum (default: all).", HelpName = "N" };
        Option<bool> statistics = new("--statistics-only") { Description = "Keep the statistics alone: enough for textspan and heads, and small for any number of images." };
        Option<bool> strict = new("--strict") { Description = "Stop at a picture that can't be read, in place of skipping it." };
        Option<string?> shard = new("--shard") { Description = "Do only the i-th of n parts, counted from 1; join them with clipcore merge.", HelpName = "i/n" };
        Option<string?> split = new("--split") { Description = "Only the pictures of this split (of lists that name splits).", HelpName = "NAME" };
        command.Arguments.Add(data);
        foreach (Option option in (Option[])[output, layers, dtype, statistics, strict, shard, split])
            command.Options.Add(option);
        ImageLimit limit = new(command);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            string type = result.GetValue(dtype) is "f32" or "f16" ? result.GetValue(dtype)! : throw new UserException($"--dtype {result.GetValue(dtype)} is not known: it may be f32 or f16.");
            (int index, int count) = Shard(result.GetValue(shard));
            ImageSet images = ImageSet.Open(result.GetValue(data)!);
            if (result.GetValue(split) is { } name)
                images = images.OfSplit(name);
            using ClipModel loaded = model.Load(result, TowerSelection.VisionOnly);
            VisionConfig vision = loaded.Config.Vision!;
            string folder = result.GetValue(output)!;
            StoreOptions options = new()
            {
                DType = type == "f16" ? DType.F16 : DType.F32,
                LastLayers = Last(result.GetValue(layers), vision.LayerCount),
                StatisticsOnly = result.GetValue(statistics),
                Shard = (index, count),
                Strict = result.GetValue(strict),
                MaxPixels = limit.Read(result),
            };
            long start = Stopwatch.GetTimestamp();
            StoreRunResult run;
            using (Progress progress = new("running", "images", images.Entries.Length / count))
                run = EffectStore.Run(loaded, images.ToLibrary(fullPaths: true), folder, options, progress);
            string[] skipped = [.. run.Skipped.Select(image => $"{image.Name}: {image.Reason}")];
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            using Process self = Process.GetCurrentProcess();
            TextWriter print = json.Text(result);
            foreach (string reason in skipped)
                print.WriteLine($"skipped: {reason}");
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{images.Entries.Length} images{(count > 1 ? $", shard {index + 1} of {count}" : "")} -> {folder}; {skipped.Length} skipped; {seconds:0.0} s, at most {self.PeakWorkingSet64 / 1e6:0} MB of memory"));
            json.Write(result, writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("images", images.Entries.Length);
                writer.WriteStrings("skipped", skipped);
                writer.WriteString("store", folder);
                writer.WriteNumber("seconds", seconds);
                writer.WriteNumber("peakMemoryBytes", self.PeakWorkingSet64);
                writer.WriteEndObject();
            });
        });
        return command;
    }

    static int? Last(int? layers, int count) => layers switch
    {
        null => null,
        >= 1 and { } some when some <= count => some,
        { } other => throw new UserException($"--layers {other} must lie in 1 … {count}, the layers of this model."),
    };

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

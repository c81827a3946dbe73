using System.CommandLine;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Lanes;
using ClipCore.Numerics;
using ClipCore.Reports.Pictures;
using ClipCore.Verification;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore verify</c>: whether this machine computes the same bits as any other.</summary>
static class VerifyCommand
{
    static readonly int[] s_threads = [1, 2, 3, 8], s_batches = [1, 2, 5], s_quickThreads = [2], s_quickBatches = [1, 5];

    static readonly FingerprintExtras s_extras = new() { Jpeg = DemoModel.Read("rocket-at-night.jpg"), DrawHeatmap = DrawHeatmap };

    /// <summary>One way to compute, and how it compared.</summary>
    sealed record VerifyRun(Isa Isa, bool IsHardware, int Threads, int Batch, string? Difference);

    public static Command Create()
    {
        Command command = new(
            "verify", "Check that every register width, thread count and batch gives the same bits: fingerprints of a fixed set of results, compared.");
        Option<string?> against = new("--against") { Description = "Compare with fingerprints that another machine wrote.", HelpName = "FILE" };
        Option<string?> output = new("--out")
        {
            Description = "Write the fingerprints for another machine to check (default for models of your own: fingerprints-….json here).",
            HelpName = "FILE",
        };
        Option<bool> full = new("--full") { Description = "Every width and thread count also for a model of your own, where that takes long." };
        Option<bool> quick = new("--quick") { Description = "Two threads and batches of 1 and 5 alone, for emulators and processors without FMA." };
        Option<string?> published = new("--published")
        {
            Description = $"Compare with numbers published for {PublishedNumbers.OpenAiB32} or {PublishedNumbers.LaionL14}.",
            HelpName = "NAME",
        };
        command.Options.Add(against);
        command.Options.Add(output);
        command.Options.Add(full);
        command.Options.Add(quick);
        command.Options.Add(published);
        ModelArguments model = new(command, threads: false);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            TextWriter print = json.Text(result);
            bool isQuick = result.GetValue(quick);
            int[] batches = isQuick ? s_quickBatches : s_batches;
            bool isDemo = model.Path(result) == null;
            Fingerprints? expected = result.GetValue(against) is { } path ? Fingerprints.Load(path)
                : isDemo ? Shipped() : null;
            Fingerprints? own = null;
            List<VerifyRun> runs = [];
            (Isa Isa, int Threads)[] ways = isDemo || result.GetValue(full)
                ? [.. IsaTable.All.ToArray().SelectMany(isa => (isQuick ? s_quickThreads : s_threads).Select(threads => (isa, threads)))]
                : [(IsaTable.Default, Environment.ProcessorCount)];
            PublishedNumber[] numbers = [];
            ModelIdentity? identity = null;
            string? name = result.GetValue(published);
            using (Progress progress = new("verifying", "runs", ways.Length * batches.Length))
            {
                foreach ((Isa isa, int threads) in ways)
                {
                    using ClipModel loaded = model.Load(result, TowerSelection.All, options => options with { Isa = isa, Threads = threads });
                    if (runs.Count == 0)
                    {
                        identity = loaded.Identity;
                        Check(loaded, expected, result.GetValue(against));
                        name ??= PublishedNumbers.Recognize(loaded);
                        numbers = name == null ? [] : Measure(name, loaded);
                    }
                    foreach (int batch in batches)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        Fingerprints found = Fingerprints.Of(loaded, batch, s_extras);
                        own ??= found;
                        runs.Add(new VerifyRun(isa, IsaTable.IsAccelerated(isa), threads, batch, (expected ?? own).FirstDifference(found)));
                        progress.Report(runs.Count);
                    }
                }
            }
            string? target = result.GetValue(output) ?? (isDemo ? null : $"fingerprints-{own!.ModelSha256[..8]}.json");
            bool isSame = runs.All(run => run.Difference == null);
            if (target != null && (isSame || result.GetValue(output) != null))
                own!.Save(target);
            Print(print, runs, batches, numbers, name,
                expected == null ? "each other" : result.GetValue(against) ?? "the fingerprints shipped with the built-in model", target);
            json.Write(result, identity, null, Results(own!, runs, numbers, isSame, target), ResultsContext.Default.EnvelopeVerifyResults);
            bool agrees = result.GetValue(published) == null || numbers.All(number => number.Agrees);
            return isSame && agrees ? ExitCode.Done : ExitCode.CheckFailed;
        });
        return command;
    }

    static PublishedNumber[] Measure(string name, ClipModel model)
    {
        try
        {
            return PublishedNumbers.Measure(name, model);
        }
        catch (ArgumentException exception)
        {
            throw new UserException(exception.Message);
        }
    }

    static byte[] DrawHeatmap(float[] map, int rows, int size)
    {
        Canvas canvas = new(size, size, Rgb.White);
        new Heatmap(map, rows, rows, Heatmap.ScaleOf(map)).DrawOver(canvas, 0, 0, size);
        return canvas.Pixels;
    }

    static Fingerprints? Shipped() => DemoModel.Has("fingerprints.json") ? Fingerprints.Read(DemoModel.Read("fingerprints.json"), "the shipped fingerprints")
        : null;

    static void Check(ClipModel model, Fingerprints? expected, string? path)
    {
        if (model.Config.Vision == null)
            throw new UserException($"{model.Checkpoint.Path} has no vision tower to verify.");
        if (expected != null && expected.ModelSha256 != model.Checkpoint.Sha256)
            throw new UserException(
                $"{path ?? "the shipped fingerprints"} belong to other weights (SHA-256 {expected.ModelSha256[..16]}…, this model's is "
                    + $"{model.Checkpoint.Sha256[..16]}…): verify the same model on both machines.");
    }

    static void Print(TextWriter print, List<VerifyRun> runs, int[] batches, PublishedNumber[] numbers, string? name, string reference, string? target)
    {
        print.WriteLine($"{"registers",-22}{"threads",-9}{string.Concat(batches.Select(batch => $"batch {batch}".PadRight(9)))}");
        foreach (IGrouping<(Isa Isa, bool IsHardware, int Threads), VerifyRun> row in runs.GroupBy(run => (run.Isa, run.IsHardware, run.Threads)))
        {
            string width = row.Key.Isa == Isa.Scalar ? "scalar" : $"{(int)row.Key.Isa} bits";
            string found = string.Concat(row.Select(run => (run.Difference == null ? "equal" : "DIFFERS").PadRight(9)));
            print.WriteLine($"{width + (row.Key.IsHardware ? "" : " (emulated)"),-22}{row.Key.Threads,-9}{found}");
        }
        VerifyRun? different = runs.FirstOrDefault(run => run.Difference != null);
        print.WriteLine(different == null
            ? $"all {runs.Count} runs have the same bits as {reference}"
            : $"{runs.Count(run => run.Difference != null)} of {runs.Count} runs differ from {reference}; the first difference: {different.Difference} "
                + $"({different.Isa}, {different.Threads} threads, batch {different.Batch})");
        if (numbers.Length > 0)
            print.WriteLine($"published numbers of {name}:");
        foreach (PublishedNumber number in numbers)
            print.WriteLine($"  {(number.Agrees ? "agrees " : "DIFFERS")}  {number.What}: measured {Join(number.Measured)}, published {Join(number.Published)} "
                + $"({number.Source})");
        if (target != null)
            print.WriteLine($"fingerprints written to {target}; check them elsewhere with --against");
    }

    static string Join(IReadOnlyList<double> values) => string.Join(", ", values.Select(value => value.ToString("0.####", CultureInfo.InvariantCulture)));

    static VerifyResults Results(Fingerprints fingerprints, List<VerifyRun> runs, PublishedNumber[] numbers, bool isSame, string? target) => new(
        isSame, fingerprints.Stages.ToDictionary(stage => stage.Key, stage => stage.Value),
        [
            .. runs.Select(run => new VerifyRunResults(
                run.Isa == Isa.Scalar ? 32 : (int)run.Isa, run.IsHardware, run.Threads, run.Batch, run.Difference == null, run.Difference)),
        ],
        [.. numbers.Select(number => new PublishedResults(number.What, number.Source, number.Agrees, [.. number.Published], [.. number.Measured]))], target);
}

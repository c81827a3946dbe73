using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Files;
using ClipCore.Peers;

RootCommand root = new("ClipCore beside ONNX Runtime: the same weights and pixels, in turns.");
Option<string> model = new("--model") { Description = "B32, B16 or L14, with random weights.", DefaultValueFactory = _ => "B16" };
Option<int> batch = new("--batch") { Description = "Images of a pass.", DefaultValueFactory = _ => 1 };
Option<int> threads = new("--threads") { Description = "Threads of either side.", DefaultValueFactory = _ => Environment.ProcessorCount };
Option<int> runs = new("--runs") { Description = "Pairs of runs.", DefaultValueFactory = _ => 9 };
Option<string?> json = new("--json") { Description = "Write the result as JSON to this file." };
Option<string?> folder = new("--folder") { Description = "Keep the model's files here." };
Option<bool> tables = new("--tables") { Description = "Run all models, batches and thread counts and write bench/results/<cpu>/peers.md." };
Option<bool> paper = new("--paper") { Description = "Set the decomposition beside the paper's method under PyTorch and write bench/results/<cpu>/paper.md." };
model.AcceptOnlyFromAmong([.. PeerModel.Names.Keys]);
foreach (Option<int> option in (Option<int>[])[batch, threads, runs])
    option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 1 or > 1024)
            result.AddError($"{option.Name} must lie in 1 … 1024.");
    });
foreach (Option option in (Option[])[model, batch, threads, runs, json, folder, tables, paper])
    root.Options.Add(option);
root.SetAction(result =>
{
    if (result.GetValue(tables))
        Tables.WritePairs(result.GetValue(runs));
    if (result.GetValue(paper))
        Tables.WritePaper(Math.Min(result.GetValue(runs), 3));
    if (result.GetValue(tables) || result.GetValue(paper))
        return;
    using PeerModel made = new(result.GetValue(model)!, result.GetValue(folder));
    PairResult pair = Pair.Run(made, result.GetValue(batch), result.GetValue(threads), result.GetValue(runs));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{made.Architecture}, batch {result.GetValue(batch)}, {result.GetValue(threads)} threads: ClipCore {pair.OursMs:0.0} ms, "
        + $"ONNX Runtime {pair.PeerMs:0.0} ms, ratio {pair.Ratio:0.00}, {pair.ShareOfPeak:0.0%} of peak, largest difference {pair.MaxDifference:0.0e+0}"));
    if (result.GetValue(json) is { } path)
    {
        using OutputFile file = new(path);
        using (Utf8JsonWriter writer = new(file.Stream, new JsonWriterOptions { Indented = true }))
            pair.Write(writer);
        file.Commit();
    }
});
return root.Parse(args).Invoke();

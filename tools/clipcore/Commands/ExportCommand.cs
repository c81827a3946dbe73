using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.EffectSets;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore export</c>: a store as the files that the paper's scripts read.</summary>
static class ExportCommand
{
    public static Command Create()
    {
        Command command = new(
            "export", "Write a store as the paper's own arrays, {dataset}_attn_{model}.npy [n, l, h, e] and so on, on which its scripts run unchanged.");
        Argument<string> store = new("store") { Description = "A store of clipcore run.", HelpName = "STORE" };
        command.Arguments.Add(store);
        RenamedOption<string> output = new(command, new Option<string?>("--out") { Description = "The folder to write.", HelpName = "DIR" }, "--reference");
        Option<string> dataset = new("--dataset")
        {
            Description = "The data set's part of the names (default imagenet).",
            HelpName = "NAME",
            DefaultValueFactory = _ => "imagenet",
        };
        Option<string?> modelName = new("--model-name") { Description = "The model's part of the names (default: the model's folder).", HelpName = "NAME" };
        command.Options.Add(dataset);
        command.Options.Add(modelName);
        ClassArguments classes = new(command);
        ModelArguments model = new(command, pictures: false);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            string path = Given.Path("the store", result.GetValue(store)!);
            string folder = Given.Path("--out", output.Read(result) ?? throw new UserException("--out is missing: name the folder to write."));
            using EffectStore effects = EffectStore.Open(path);
            using ClipModel loaded = model.Load(result, TowerSelection.TextOnly);
            loaded.Identity.Require(effects.Identity, path);
            int largest = effects.Labels is { Length: > 0 } labels ? labels.Max() : -1;
            JudgedClasses judged =
                JudgedClasses.Find(result, classes, model.Path(result), path, effects.ClassNames, largest, effects.Classes, areNumbersUnknown: true)
                ?? throw new UserException($"{path}: nothing names the classes of the classifier: give --classes FILE, or --class once for each.");
            Encoders.RequireTexts(loaded);
            LinearClassifier classifier = judged.Encode(loaded, classes.OfModel(result, model.Path(result)), cancellation);
            string name = result.GetValue(modelName)
                ?? (model.Path(result) is { } at ? Path.GetFileName(Path.GetFullPath(at).TrimEnd(Path.DirectorySeparatorChar)) : "demo");
            IReadOnlyList<string> written;
            using (Progress progress = new("exporting", "images", effects.ImageCount))
                written = ReferenceExport.Write(effects, classifier, folder, result.GetValue(dataset)!, name, progress, cancellation);
            json.Text(result).WriteLine($"{effects.ImageCount} images -> {folder}");
            json.Write(result, loaded.Identity, path, new ExportResults(effects.ImageCount, [.. written]), ResultsContext.Default.EnvelopeExportResults);
        });
        return command;
    }
}

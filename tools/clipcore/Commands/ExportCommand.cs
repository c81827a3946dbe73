using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Npy;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore export</c>: a store as the files that the paper's scripts read.</summary>
static class ExportCommand
{
    public static Command Create()
    {
        Command command = new("export", "Writes a store as the paper's own arrays: {dataset}_attn_{model}.npy [n, l, h, e], _mlp_ [n, l + 1, e], _cls_attn_ [n, l, e], _classifier_ [e, c] and _labels_, on which its scripts run unchanged.");
        Argument<string> store = new("store") { Description = "A store of clipcore run.", HelpName = "STORE" };
        Option<string> reference = new("--reference") { Description = "The folder to write.", HelpName = "DIR", Required = true };
        Option<string> dataset = new("--dataset") { Description = "The data set's part of the names (default imagenet).", HelpName = "NAME", DefaultValueFactory = _ => "imagenet" };
        Option<string?> modelName = new("--model-name") { Description = "The model's part of the names (default: the model's folder).", HelpName = "NAME" };
        command.Arguments.Add(store);
        foreach (Option option in (Option[])[reference, dataset, modelName])
            command.Options.Add(option);
        ClassArguments classes = new(command);
        ModelArguments model = new(command);
        command.SetAction(result =>
        {
            using EffectStore effects = EffectStore.Open(result.GetValue(store)!);
            using ClipModel loaded = model.Load(result);
            if (loaded.Checkpoint.Sha256 != effects.Identity.Sha256)
                throw new UserException($"{result.GetValue(store)} was made by another model ({effects.Identity.Name}): name it with --model, for the classifier.");
            Classifier classifier = classes.Read(result, loaded, model.Path(result));
            string folder = result.GetValue(reference)!, data = result.GetValue(dataset)!;
            string name = result.GetValue(modelName) ?? (model.Path(result) is { } path ? Path.GetFileName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar)) : "demo");
            LinearClassifier rows = new(classifier.Rows, effects.EmbedWidth) { Names = classifier.Names };
            using (Progress progress = new("exporting", "images", effects.ImageCount))
                ReferenceExport.Write(effects, rows, folder, data, name, progress);
            result.InvocationConfiguration.Output.WriteLine($"{effects.ImageCount} images -> {folder}");
        });
        return command;
    }
}

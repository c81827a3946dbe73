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
            if (loaded.Checkpoint.Sha256 != effects.ModelSha256)
                throw new UserException($"{result.GetValue(store)} was made by another model ({effects.ModelName}): name it with --model, for the classifier.");
            Classifier classifier = classes.Read(result, loaded, model.Path(result));
            string folder = result.GetValue(reference)!, data = result.GetValue(dataset)!;
            string name = result.GetValue(modelName) ?? (model.Path(result) is { } path ? Path.GetFileName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar)) : "demo");
            Directory.CreateDirectory(folder);
            Write(effects, classifier, kind => Path.Combine(folder, $"{data}_{kind}_{name}.npy"));
            result.InvocationConfiguration.Output.WriteLine($"{effects.ImageCount} images -> {folder}");
        });
        return command;
    }

    static void Write(EffectStore effects, Classifier classifier, Func<string, string> path)
    {
        int layers = effects.LayerCount, heads = effects.HeadCount, width = effects.EmbedWidth;
        float[] attention = new float[layers * heads * width], mlps = new float[(layers + 1) * width], classAttention = new float[layers * width];
        using NpyWriter<float> attn = new(path("attn"), [layers, heads, width]), mlp = new(path("mlp"), [layers + 1, width]), cls = new(path("cls_attn"), [layers, width]);
        using Progress progress = new("exporting", "images", effects.ImageCount);
        for (int image = 0; image < effects.ImageCount; image++)
        {
            effects.Read(image, attention, mlps, classAttention);
            attn.Write(attention);
            mlp.Write(mlps);
            cls.Write(classAttention);
            progress.Report(image + 1);
        }
        NpyFile.Write<float>(path("classifier"), classifier.Transposed(), width, classifier.Names.Length);
        if (effects.Labels is { } labels && effects.Attributes is { } attributes)
            NpyFile.Write<long>(path("labels"), [.. labels.Zip(attributes).SelectMany(pair => new long[] { pair.First, pair.Second })], labels.Length, 2);
        else if (effects.Labels is { } alone)
            NpyFile.Write<long>(path("labels"), [.. alone.Select(label => (long)label)], alone.Length);
        attn.Complete();
        mlp.Complete();
        cls.Complete();
    }
}

using System.CommandLine;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Npy;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore decompose</c>: the direct effects of all parts, in the layout of the paper's own code.</summary>
static class DecomposeCommand
{
    public static Command Create()
    {
        Command command = new(
            "decompose", "Splits image representations exactly: attn.npy [b, l, n, h, e], mlp.npy [b, l + 1, e] (the embedding first) and representation.npy [b, e].");
        PixelArguments images = new(command);
        TextArguments texts = new(command);
        Option<string> output = new("--out") { Description = "A folder for the files.", HelpName = "DIR", Required = true };
        Option<bool> heads = new("--heads") { Description = "Sum over the source tokens: attn.npy is [b, l, h, e]." };
        Option<bool> centered = new("--centered") { Description = "Centre every part by its own mean, in place of equal shares of the total mean." };
        command.Options.Add(output);
        command.Options.Add(heads);
        command.Options.Add(centered);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            string[] given = texts.Read(result);
            using ClipModel loaded = model.Load(result, given.Length > 0 ? TowerSelection.All : TowerSelection.VisionOnly);
            using PixelSource source = images.Open(result, loaded);
            using EffectDirections? directions = given.Length > 0 ? Directions(loaded, given) : null;
            DecomposeOptions options = new()
            {
                Level = result.GetValue(heads) ? EffectLevel.Head : EffectLevel.Patch,
                MeanShare = result.GetValue(centered) ? MeanShare.Own : MeanShare.Even,
                Directions = directions,
            };
            string folder = result.GetValue(output)!;
            float[] completeness = Run(loaded, source, options, folder);

            float worst = completeness.Max();
            json.Text(result).WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{source.Count} {(source.Count == 1 ? "image" : "images")} -> {folder}; the parts add up to the representation within {worst:0.0e+00}"));
            json.Write(result, writer =>
            {
                writer.WriteStartObject();
                writer.WriteStrings("images", Enumerable.Range(0, source.Count).Select(source.Name));
                writer.WriteString("convention", options.MeanShare == MeanShare.Even ? "paper" : "centered");
                writer.WriteNumber("layers", loaded.Config.Vision!.LayerCount);
                writer.WriteNumber("heads", loaded.Config.Vision.HeadCount);
                writer.WriteNumber("tokens", loaded.Config.Vision.TokenCount);
                writer.WriteStrings("texts", given);
                writer.WriteNumbers("completeness", completeness);
                writer.WriteEndObject();
            });
        });
        return command;
    }

    static EffectDirections Directions(ClipModel model, string[] texts)
    {
        EncodeCommand.Require(model, needsVocabulary: true);
        float[] rows = new float[texts.Length * model.EmbedWidth];
        model.EncodeTexts(texts).FlattenTo(rows);
        return model.CreateDirections(rows);
    }

    static float[] Run(ClipModel model, PixelSource source, DecomposeOptions options, string folder)
    {
        VisionConfig vision = model.Config.Vision!;
        int columns = options.Directions?.Count ?? model.EmbedWidth;
        int[] attention = options.Level == EffectLevel.Patch
            ? [vision.LayerCount, vision.TokenCount, vision.HeadCount, columns]
            : [vision.LayerCount, vision.HeadCount, columns];
        Directory.CreateDirectory(folder);
        using NpyWriter<float> attn = new(Path.Combine(folder, "attn.npy"), attention);
        using NpyWriter<float> mlp = new(Path.Combine(folder, "mlp.npy"), vision.LayerCount + 1, columns);
        using NpyWriter<float> representation = new(Path.Combine(folder, "representation.npy"), model.EmbedWidth);
        float[] pixels = new float[model.PixelCount], completeness = new float[source.Count];
        DirectEffects? effects = null;
        using Progress progress = new("decomposing", "images", source.Count);
        for (int i = 0; i < source.Count; i++)
        {
            source.Read(i, pixels);
            effects = model.Decompose(pixels, options, effects);
            attn.Write(effects.AttentionValues);
            mlp.Write(effects.MlpValues);
            representation.Write(effects.RepresentationValues);
            completeness[i] = effects.Completeness[0];
            progress.Report(i + 1);
        }
        attn.Complete();
        mlp.Complete();
        representation.Complete();
        return completeness;
    }
}

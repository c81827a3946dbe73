using System.CommandLine;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Npy;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore decompose</c>: the direct effects of all parts, in the layout of the paper's own code.</summary>
static class DecomposeCommand
{
    public static Command Create()
    {
        Command command = new("decompose",
            "Split image representations exactly: attn.npy [b, l, n, h, e], mlp.npy [b, l + 1, e] (the embedding first), representation.npy [b, e].");
        ImageArguments images = new(command);
        TextArguments texts = new(command);
        Option<string> output = new("--out") { Description = "A folder for the files.", HelpName = "DIR", Required = true };
        Option<string?> by =
            Choice.Of("--by", "How finely: patch [b, l, n, h, e] (default), head [b, l, h, e] or layer [b, l, e].", ["patch", "head", "layer"]);
        Option<bool> heads = new("--heads") { Hidden = true };
        Option<bool> centered = new("--centered") { Description = "Centre every part by its own mean, in place of equal shares of the total mean." };
        foreach (Option option in (Option[])[output, by, heads, centered])
            command.Options.Add(option);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            string[] given = texts.Read(result);
            string folder = Given.Path("--out", result.GetValue(output)!);
            using ClipModel loaded = model.Load(result, given.Length > 0 ? TowerSelection.All : TowerSelection.VisionOnly);
            using PixelSource source = images.Open(result, loaded);
            using EffectDirections? directions = given.Length > 0 ? Directions(loaded, given, cancellation) : null;
            DecomposeOptions options = new()
            {
                Level = (result.GetValue(by) ?? (result.GetValue(heads) ? "head" : "patch")) switch
                {
                    "layer" => EffectLevel.Layer,
                    "head" => EffectLevel.Head,
                    _ => EffectLevel.Patch,
                },
                MeanShare = result.GetValue(centered) ? MeanShare.Own : MeanShare.Even,
                Directions = directions,
            };
            (List<string> names, List<float> completeness, string[] written) = Run(loaded, source, options, folder, cancellation);
            Skips.Tell(result, source.Skipped);

            json.Text(result).WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{names.Count} {(names.Count == 1 ? "image" : "images")} -> {folder}; the parts add up to the representation within "
                    + $"{completeness.Max():0.0e+00}"));
            DecomposeResults results = new(
                [.. names], options.MeanShare == MeanShare.Even ? "paper" : "centered", options.Level.ToString().ToLowerInvariant(),
                loaded.VisionConfig.LayerCount,
                loaded.VisionConfig.HeadCount, loaded.VisionConfig.TokenCount, given, [.. completeness], written, Skips.Of(source.Skipped));
            json.Write(result, loaded.Identity, source.DataName, results, ResultsContext.Default.EnvelopeDecomposeResults);
            return Skips.Code(results.Skipped.Length);
        });
        return command;
    }

    static EffectDirections Directions(ClipModel model, string[] texts, CancellationToken cancellation)
    {
        Encoders.RequireTexts(model);
        float[] rows = new float[texts.Length * model.EmbedWidth];
        model.EncodeTexts(texts, rows, true, null, cancellation);
        return model.CreateDirections(rows);
    }

    static (List<string> Names, List<float> Completeness, string[] Written) Run(
        ClipModel model, PixelSource source, DecomposeOptions options, string folder, CancellationToken cancellation)
    {
        VisionConfig vision = model.VisionConfig;
        int columns = options.Directions?.Count ?? model.EmbedWidth;
        int[] attention = options.Level switch
        {
            EffectLevel.Patch => [vision.LayerCount, vision.TokenCount, vision.HeadCount, columns],
            EffectLevel.Head => [vision.LayerCount, vision.HeadCount, columns],
            _ => [vision.LayerCount, columns],
        };
        using OutputFolder output = new(folder);
        string[] written = [Path.Combine(folder, "attn.npy"), Path.Combine(folder, "mlp.npy"), Path.Combine(folder, "representation.npy")];
        using NpyWriter<float> attn = new(written[0], attention);
        using NpyWriter<float> mlp = new(written[1], vision.LayerCount + 1, columns);
        using NpyWriter<float> representation = new(written[2], model.EmbedWidth);
        List<string> names = [];
        List<float> completeness = [];
        DirectEffects? effects = null;
        source.ForEachBatch("decomposing", batch =>
        {
            // Image by image: the full tensor of one image may take hundreds of megabytes.
            for (int i = 0; i < batch.Indices.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                effects = model.Decompose(batch.Pixels.Span.Slice(i * model.PixelCount, model.PixelCount), options, effects);
                attn.Write(effects.AttentionSpan);
                mlp.Write(effects.MlpSpan);
                representation.Write(effects.RepresentationSpan);
                names.Add(source.Name(batch.Indices[i]));
                completeness.Add(effects.Completeness[0]);
            }
        }, cancellation);
        if (names.Count == 0)
            throw new UserException($"{source.DataName}: no image could be read.");
        attn.Complete();
        mlp.Complete();
        representation.Complete();
        output.Commit();
        if (names.Count == 1)
            return (names, completeness, written);
        IndexFile.Write(folder, names);
        return (names, completeness, [.. written, Path.Combine(folder, IndexFile.Name)]);
    }
}

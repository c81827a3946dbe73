using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.Files;
using ClipCore.Npy;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore encode</c>: representations of images and texts as <c>.npy</c> files.</summary>
static class EncodeCommand
{
    public static Command Create()
    {
        Command command = new("encode", "Write the representations of images [b, e] and of texts [t, e] as .npy files.");
        ImageArguments images = new(command);
        TextArguments texts = new(command);
        Option<string?> tokens = new("--tokens")
        {
            Description = "Token ids [t, n] in place of texts, for models without a vocabulary.",
            HelpName = "FILE.npy",
        };
        Option<string> output = new("--out")
        {
            Description = "A .npy file for images or texts alone; else a folder for images.npy with index.csv, and texts.npy.",
            HelpName = "PATH",
            Required = true,
        };
        Option<bool> raw = new("--raw") { Description = "Do not scale to length 1." };
        command.Options.Add(tokens);
        command.Options.Add(output);
        command.Options.Add(raw);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            string[] given = texts.Read(result);
            string? ids = result.GetValue(tokens) is { } idsPath ? Given.Path("--tokens", idsPath) : null;
            bool hasImages = images.AreGiven(result), hasTexts = given.Length > 0 || ids != null;
            if (given.Length > 0 && ids != null)
                throw new UserException("texts and --tokens were both given: take one of them.");
            if (!hasImages && !hasTexts)
                throw new UserException("there is nothing to encode: name images, --pixels FILE.npy, --text TEXT or --tokens FILE.npy.");
            string path = Given.Path("--out", result.GetValue(output)!);
            bool isFile = path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);
            if (isFile && hasImages && hasTexts)
                throw new UserException($"--out {path} is one file, but images and texts need two: name a folder.");

            using ClipModel loaded = model.Load(result, !hasTexts ? TowerSelection.VisionOnly : !hasImages ? TowerSelection.TextOnly : TowerSelection.All);
            bool normalize = !result.GetValue(raw);
            float[] textRows = !hasTexts ? [] : ids != null ? EncodeTokens(loaded, ids, normalize) : EncodeTexts(loaded, given, normalize, cancellation);
            List<string> written = [], names = [];
            using PixelSource? source = hasImages ? images.Open(result, loaded) : null;
            List<float[]> imageRows = [];
            using OutputFolder? folder = isFile ? null : new OutputFolder(path);
            if (source != null)
            {
                using NpyWriter<float> file = new(isFile ? path : Path.Combine(path, "images.npy"), loaded.EmbedWidth);
                source.ForEachBatch("encoding", batch =>
                {
                    float[] rows = new float[batch.Indices.Length * loaded.EmbedWidth];
                    loaded.EncodeImages(batch.Pixels.Span, rows, normalize);
                    file.Write(rows);
                    imageRows.Add(rows);
                    names.AddRange(batch.Indices.Select(source.Name));
                }, cancellation);
                Skips.Tell(result, source.Skipped);
                if (names.Count == 0)
                    throw new UserException($"{source.DataName}: no image could be read.");
                file.Complete();
                written.Add(isFile ? path : Path.Combine(path, "images.npy"));
                if (!isFile)
                {
                    IndexFile.Write(path, names);
                    written.Add(Path.Combine(path, IndexFile.Name));
                }
            }
            if (hasTexts)
            {
                written.Add(isFile ? path : Path.Combine(path, "texts.npy"));
                NpyFile.Write<float>(written[^1], textRows, textRows.Length / loaded.EmbedWidth, loaded.EmbedWidth);
            }
            folder?.Commit();
            TextWriter print = json.Text(result);
            foreach (string name in written.Where(name => name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)))
                print.WriteLine($"{name} "
                    + $"[{(name.EndsWith("texts.npy", StringComparison.Ordinal) || !hasImages ? textRows.Length / loaded.EmbedWidth : names.Count)}, "
                    + $"{loaded.EmbedWidth}]");
            EncodeResults results = new(
                loaded.EmbedWidth, normalize, [.. names], Rows([.. imageRows.SelectMany(rows => rows)], loaded.EmbedWidth), given,
                Rows(textRows, loaded.EmbedWidth), [.. written], Skips.Of(source?.Skipped ?? []));
            json.Write(result, loaded.Identity, source?.DataName, results, ResultsContext.Default.EnvelopeEncodeResults);
            return Skips.Code(results.Skipped.Length);
        });
        return command;
    }

    static float[] EncodeTexts(ClipModel model, string[] texts, bool normalize, CancellationToken cancellation)
    {
        Encoders.RequireTexts(model);
        float[] rows = new float[texts.Length * model.EmbedWidth];
        model.EncodeTexts(texts, rows, normalize, null, cancellation);
        return rows;
    }

    static float[] EncodeTokens(ClipModel model, string path, bool normalize)
    {
        Encoders.RequireTextTower(model);
        NpyArray<long> file = NpyFile.ReadInt64(path);
        if (file.Shape.Length != 2 || file.Data.Length == 0)
            throw new UserException($"{path} has the shape [{string.Join(", ", file.Shape)}], but token ids are [texts, ids].");
        int[][] ids = new int[file.Shape[0]][];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = [.. file.Data.Skip(i * file.Shape[1]).Take(file.Shape[1]).Select(id => (int)Math.Clamp(id, -1, int.MaxValue))];
        float[] rows = new float[ids.Length * model.EmbedWidth];
        try
        {
            model.EncodeTokens(ids, rows, normalize);
        }
        catch (ArgumentException exception)
        {
            throw new UserException($"{path}: {exception.Message}");
        }
        return rows;
    }

    static float[][] Rows(float[] values, int width) => [.. values.Chunk(width)];
}

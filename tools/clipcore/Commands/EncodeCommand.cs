using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.Npy;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore encode</c>: representations of images and texts as <c>.npy</c> files.</summary>
static class EncodeCommand
{
    public static Command Create()
    {
        Command command = new("encode", "Writes the representations of images [b, e] and of texts [t, e], scaled to length 1.");
        PixelArguments images = new(command);
        TextArguments texts = new(command);
        Option<string?> tokens = new("--tokens") { Description = "Token ids [t, n] in place of texts, for models without a vocabulary.", HelpName = "FILE.npy" };
        Option<string> output = new("--out")
        {
            Description = "A .npy file for images or texts alone; else a folder for images.npy and texts.npy.",
            HelpName = "PATH",
            Required = true,
        };
        Option<bool> raw = new("--raw") { Description = "Do not scale to length 1." };
        command.Options.Add(tokens);
        command.Options.Add(output);
        command.Options.Add(raw);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            string[] given = texts.Read(result);
            string? ids = result.GetValue(tokens);
            bool hasImages = images.AreGiven(result), hasTexts = given.Length > 0 || ids != null;
            if (given.Length > 0 && ids != null)
                throw new UserException("texts and --tokens were both given: take one of them.");
            if (!hasImages && !hasTexts)
                throw new UserException("there is nothing to encode: name images, --pixels FILE.npy, --text TEXT or --tokens FILE.npy.");
            string path = result.GetValue(output)!;
            bool isFile = path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);
            if (isFile && hasImages && hasTexts)
                throw new UserException($"--out {path} is one file, but images and texts need two: name a folder.");

            using ClipModel loaded = model.Load(result, !hasTexts ? TowerSelection.VisionOnly : !hasImages ? TowerSelection.TextOnly : TowerSelection.All);
            bool normalize = !result.GetValue(raw);
            float[] textRows = !hasTexts ? [] : ids != null ? EncodeTokens(loaded, ids, normalize) : EncodeTexts(loaded, given, normalize);
            using PixelSource? source = hasImages ? images.Open(result, loaded) : null;
            float[] imageRows = new float[(source?.Count ?? 0) * loaded.EmbedWidth];
            source?.ForEachBatch(loaded, "encoding", (first, pixels) =>
                loaded.EncodeImages(pixels, imageRows.AsSpan(first * loaded.EmbedWidth, pixels.Length / loaded.PixelCount * loaded.EmbedWidth), normalize));

            TextWriter print = json.Text(result);
            if (!isFile)
                Directory.CreateDirectory(path);
            if (hasImages)
                Save(print, isFile ? path : Path.Combine(path, "images.npy"), imageRows, loaded.EmbedWidth);
            if (hasTexts)
                Save(print, isFile ? path : Path.Combine(path, "texts.npy"), textRows, loaded.EmbedWidth);
            json.Write(result, writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("embedWidth", loaded.EmbedWidth);
                if (source != null)
                {
                    writer.WriteStrings("images", Enumerable.Range(0, source.Count).Select(source.Name));
                    writer.WriteRows("imageRepresentations", imageRows, loaded.EmbedWidth);
                }
                if (hasTexts)
                {
                    writer.WriteStrings("texts", given);
                    writer.WriteRows("textRepresentations", textRows, loaded.EmbedWidth);
                }
                writer.WriteEndObject();
            });
        });
        return command;
    }

    static float[] EncodeTexts(ClipModel model, string[] texts, bool normalize)
    {
        Require(model, needsVocabulary: true);
        float[] rows = new float[texts.Length * model.EmbedWidth];
        model.EncodeTexts(texts, normalize).FlattenTo(rows);
        return rows;
    }

    static float[] EncodeTokens(ClipModel model, string path, bool normalize)
    {
        Require(model, needsVocabulary: false);
        NpyArray<long> file = NpyFile.ReadInt64(path);
        if (file.Shape.Length != 2 || file.Data.Length == 0)
            throw new UserException($"{path} has the shape [{string.Join(", ", file.Shape)}], but token ids are [texts, ids].");
        int[][] ids = new int[file.Shape[0]][];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = [.. file.Data.Skip(i * file.Shape[1]).Take(file.Shape[1]).Select(id => checked((int)id))];
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

    /// <summary>Refuses models that can't read texts.</summary>
    public static void Require(ClipModel model, bool needsVocabulary)
    {
        if (model.Config.Text == null)
            throw new UserException($"{model.Checkpoint.Path} has no text tower in use: take a checkpoint with both towers, and leave --vision-only out.");
        if (needsVocabulary && model.Tokenizer == null)
            throw new UserException(
                $"{model.Checkpoint.Path} came without a vocabulary: add tokenizer.json, vocab.json with merges.txt, or bpe_simple_vocab_16e6.txt.gz to its folder, or name one with --tokenizer PATH.");
    }

    static void Save(TextWriter print, string path, float[] rows, int width)
    {
        NpyFile.Write<float>(path, rows, rows.Length / width, width);
        print.WriteLine($"{path} [{rows.Length / width}, {width}]");
    }
}

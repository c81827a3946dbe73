using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Npy;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore classify</c>: which of some classes or texts fits an image best.</summary>
static class ClassifyCommand
{
    public static Command Create()
    {
        Command command = new(
            "classify", "Zero-shot classification: which classes (names put into prompt templates) or texts (taken as they are) fit each image best.");
        PixelArguments images = new(command);
        ClassArguments classes = new(command);
        Option<int> top = new("--top") { Description = "How many to print for each image (default 5).", HelpName = "N", DefaultValueFactory = _ => 5 };
        Option<string?> output = new("--out") { Description = "Write the logits [b, c].", HelpName = "FILE.npy" };
        Option<string?> save = new("--save-classifier") { Description = "Write the classifier [e, c], as the paper's scripts read it.", HelpName = "FILE.npy" };
        command.Options.Add(top);
        command.Options.Add(output);
        command.Options.Add(save);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            int count = result.GetValue(top);
            if (count < 1)
                throw new UserException($"--top {count} must be at least 1.");
            using ClipModel loaded = model.Load(result, classes.NeedsTexts(result) ? TowerSelection.All : TowerSelection.VisionOnly);
            using PixelSource? source = images.AreGiven(result) || result.GetValue(save) == null ? images.Open(result, loaded) : null;
            Classifier classifier = classes.Read(result, loaded, model.Path(result));
            if (result.GetValue(save) is { } savePath)
                NpyFile.Write<float>(savePath, classifier.Transposed(), loaded.EmbedWidth, classifier.Names.Length);
            if (source == null)
                return;

            int classCount = classifier.Names.Length;
            float[] logits = new float[source.Count * classCount], probabilities = new float[source.Count * classCount];
            source.ForEachBatch(loaded, "classifying", (first, pixels) =>
            {
                int batch = pixels.Length / loaded.PixelCount;
                float[] rows = new float[batch * loaded.EmbedWidth];
                loaded.EncodeImages(pixels, rows);
                for (int i = 0; i < batch; i++)
                {
                    ReadOnlySpan<float> row = rows.AsSpan(i * loaded.EmbedWidth, loaded.EmbedWidth);
                    loaded.Logits(row, classifier.Rows).CopyTo(logits, (first + i) * classCount);
                    loaded.Probabilities(row, classifier.Rows).CopyTo(probabilities, (first + i) * classCount);
                }
            });
            if (result.GetValue(output) is { } path)
                NpyFile.Write<float>(path, logits, source.Count, classCount);
            TextWriter print = json.Text(result);
            for (int i = 0; i < source.Count; i++)
            {
                print.WriteLine(source.Name(i));
                foreach (int c in Best(probabilities.AsSpan(i * classCount, classCount), count))
                    print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {probabilities[(i * classCount) + c],7:0.0000}  {classifier.Names[c]}"));
            }
            json.Write(result, writer => Write(writer, loaded, source, classifier, logits, probabilities));
        });
        return command;
    }

    static void Write(Utf8JsonWriter json, ClipModel model, PixelSource images, Classifier classifier, float[] logits, float[] probabilities)
    {
        int classCount = classifier.Names.Length;
        json.WriteStartObject();
        json.WriteNumber("logitScale", model.LogitScale);
        json.WriteStrings("classes", classifier.Names);
        json.WriteStrings("templates", classifier.Templates);
        json.WriteStartArray("images");
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<float> values = probabilities.AsSpan(i * classCount, classCount);
            json.WriteStartObject();
            json.WriteString("image", images.Name(i));
            int best = Best(values, 1)[0];
            json.WriteNumber("prediction", best);
            json.WriteString("class", classifier.Names[best]);
            json.WriteNumbers("probabilities", values);
            json.WriteNumbers("logits", logits.AsSpan(i * classCount, classCount));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static int[] Best(ReadOnlySpan<float> values, int count)
    {
        float[] copy = values.ToArray();
        return [.. Enumerable.Range(0, copy.Length).OrderByDescending(i => copy[i]).ThenBy(i => i).Take(count)];
    }
}

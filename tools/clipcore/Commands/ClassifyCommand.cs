using System.CommandLine;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.EffectSets;
using ClipCore.Npy;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore classify</c>: which of some classes or texts fits an image best.</summary>
static class ClassifyCommand
{
    public static Command Create()
    {
        Command command = new("classify", "Zero-shot classification: which classes (put into prompt templates) or texts (as they are) fit each image best.");
        ImageArguments images = new(command);
        CandidateArguments candidates = new(command);
        Option<int> top = new("--top") { Description = "How many to print for each image (default 5).", HelpName = "N", DefaultValueFactory = _ => 5 };
        Option<string?> output = new("--out") { Description = "Write the logits [b, c].", HelpName = "FILE.npy" };
        Option<string?> save = new("--save-classifier") { Description = "Write the classifier [e, c], as the paper's scripts read it.", HelpName = "FILE.npy" };
        command.Options.Add(top);
        command.Options.Add(output);
        command.Options.Add(save);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            int count = Given.AtLeastOne("--top", result.GetValue(top));
            using ClipModel loaded = model.Load(result, candidates.NeedsTexts(result) ? TowerSelection.All : TowerSelection.VisionOnly);
            using PixelSource? source = images.AreGiven(result) || result.GetValue(save) == null ? images.Open(result, loaded) : null;
            (LinearClassifier classifier, string from) = candidates.Read(result, loaded, model.Path(result), cancellation);
            List<string> written = [];
            if (result.GetValue(save) is { } savePath)
            {
                NpyFile.Write<float>(Given.Path("--save-classifier", savePath), classifier.Transposed(), loaded.EmbedWidth, classifier.ClassCount);
                written.Add(savePath);
            }
            List<ClassifiedImage> found = source == null ? [] : Classify(loaded, source, classifier, cancellation);
            if (source != null)
            {
                Skips.Tell(result, source.Skipped);
                if (found.Count == 0)
                    throw new UserException($"{source.DataName}: no image could be read.");
            }
            if (result.GetValue(output) is { } path && found.Count > 0)
            {
                NpyFile.Write<float>(Given.Path("--out", path), [.. found.SelectMany(image => image.Logits)], found.Count, classifier.ClassCount);
                written.Add(path);
            }
            TextWriter print = json.Text(result);
            foreach (ClassifiedImage image in found)
            {
                print.WriteLine(image.Image);
                foreach (int c in Enumerable.Range(0, image.Probabilities.Length).OrderByDescending(c => image.Probabilities[c]).ThenBy(c => c).Take(count))
                    print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {image.Probabilities[c],7:0.0000}  {classifier.Names[c]}"));
            }
            ClassifyResults results = new(
                loaded.LogitScale, loaded.LogitBias, [.. classifier.Names], [.. classifier.Templates], from, [.. found], [.. written],
                Skips.Of(source?.Skipped ?? []));
            json.Write(result, loaded.Identity, source?.DataName, results, ResultsContext.Default.EnvelopeClassifyResults);
            return Skips.Code(results.Skipped.Length);
        });
        return command;
    }

    static List<ClassifiedImage> Classify(ClipModel model, PixelSource source, LinearClassifier classifier, CancellationToken cancellation)
    {
        List<ClassifiedImage> found = [];
        source.ForEachBatch("classifying", batch =>
        {
            float[] rows = new float[batch.Indices.Length * model.EmbedWidth];
            model.EncodeImages(batch.Pixels.Span, rows);
            for (int i = 0; i < batch.Indices.Length; i++)
            {
                ReadOnlySpan<float> row = rows.AsSpan(i * model.EmbedWidth, model.EmbedWidth);
                float[] logits = model.Logits(row, classifier.Rows), probabilities = model.Probabilities(row, classifier.Rows);
                int best = Array.IndexOf(logits, logits.Max());
                found.Add(new ClassifiedImage(source.Name(batch.Indices[i]), best, classifier.Names[best], probabilities, logits));
            }
        }, cancellation);
        return found;
    }
}

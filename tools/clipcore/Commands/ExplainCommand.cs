using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Report;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Explanation;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Numerics;
using ClipCore.Reports.Explanations;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore explain</c>: what a model sees in an image, and which of its parts say so.</summary>
static class ExplainCommand
{
    public static Command Create()
    {
        Command command = new(
            "explain", "Explain images: the scores of some texts, split exactly into the effects of layers, heads and patches; writes pages to look at.");
        ImageArguments images = new(command, pixels: false);
        Option<string?> output = new("--out")
        {
            Description = "A folder for the page, the pictures and explanation.json; for several images a folder for each in it.",
            HelpName = "DIR",
        };
        Option<int> top = new("--top")
        {
            Description = "Of a list of classes, explain the most probable (default 5).",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };
        Option<bool> centered = new("--centered") { Description = "Centre every part by its own mean, in place of equal shares of the total mean." };
        command.Options.Add(output);
        CandidateArguments candidates = new(command);
        command.Options.Add(top);
        command.Options.Add(centered);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            ExplanationOptions options = new()
            {
                BestCount = candidates.IsList(result) ? Given.AtLeastOne("--top", result.GetValue(top)) : null,
                MeanShare = result.GetValue(centered) ? MeanShare.Own : MeanShare.Even,
            };
            string? folder = result.GetValue(output) is { } path ? Given.Path("--out", path) : null;
            ImageSet set = images.ReadSet(result);
            bool isOne = set.Count == 1;
            using OutputFolder? outer = folder == null ? null : new OutputFolder(folder);
            using ClipModel loaded = model.Load(result, candidates.NeedsTexts(result) ? TowerSelection.All : TowerSelection.VisionOnly);
            (LinearClassifier texts, _) = candidates.Read(result, loaded, model.Path(result), cancellation);
            TextWriter print = json.Text(result);
            List<ExplainResults> explained = [];
            List<SkippedImage> skipped = [];
            string[] names = [.. OutputNames.Of(set)];
            using (Progress progress = new("explaining", "images", set.Count))
                for (int i = 0; i < set.Count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (Decode(set.Entries[i].Image, images.Limit.Read(result), isOne || images.Limit.IsStrict(result), i, skipped) is not { } picture)
                        continue;
                    ImageExplanation explanation = ImageExplanation.Create(loaded, picture, texts, options);
                    ExplainResults results = ExplanationResults.Of(explanation, loaded, CommandLineOf(result));
                    ExplanationText.Write(print, loaded, explanation, results);
                    if (folder != null)
                    {
                        string target = isOne ? folder : Path.Combine(folder, names[i]);
                        results = results with { Written = Save(target, result, set, loaded, explanation, results) };
                        print.WriteLine($"look at {Path.Combine(target, "index.html")}");
                    }
                    explained.Add(results);
                    progress.Report(i + 1);
                }
            Skips.Tell(result, skipped);
            if (explained.Count == 0)
                throw new UserException($"{set.Name}: no image could be read.");
            outer?.Commit();
            if (isOne)
                json.Write(result, loaded.Identity, set.Name, explained[0], ResultsContext.Default.EnvelopeExplainResults);
            else
                json.Write(
                    result, loaded.Identity, set.Name, new ExplainManyResults([.. explained], [.. explained.SelectMany(one => one.Written)], Skips.Of(skipped)),
                    ResultsContext.Default.EnvelopeExplainManyResults);
            return Skips.Code(skipped.Count);
        });
        return command;
    }

    static DecodedImage? Decode(ImageSource source, long maxPixels, bool strict, int index, List<SkippedImage> skipped)
    {
        try
        {
            using Stream stream = source.Open();
            return ImageDecoder.Decode(stream, source.Name, maxPixels);
        }
        catch (Exception exception) when (!strict && exception is IOException or UnauthorizedAccessException)
        {
            skipped.Add(new SkippedImage(index, source.Name, exception.Message));
            return null;
        }
    }

    static string[] Save(string folder, ParseResult result, ImageSet set, ClipModel model, ImageExplanation explanation, ExplainResults results)
    {
        string[] written = [.. ExplanationReport.FileNames(explanation).Select(name => Path.Combine(folder, name))];
        byte[] json = JsonOutput.ToBytes(
            JsonOutput.Wrap(result.CommandResult.Command, model.Identity, set.Name, results with { Written = written }),
            ResultsContext.Default.EnvelopeExplainResults);
        using OutputFolder output = new(folder);
        ExplanationReport.AddTo(output, explanation, Provenance.Of(model, results.CommandLine, JsonOutput.Version), json);
        output.Commit();
        return written;
    }

    static string CommandLineOf(ParseResult result) =>
        "clipcore " + string.Join(' ', result.Tokens.Select(token => token.Value.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-_./=:".Contains(c))
            ? $"\"{token.Value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"" : token.Value));
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using ClipCore.Checkpoints;
using ClipCore.Cli.Report;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Explanation;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Reports.Explanations;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore explain</c>: what a model sees in an image, and which of its parts say so.</summary>
static class ExplainCommand
{
    const int DefaultTop = 5;

    static readonly string s_version =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static Command Create()
    {
        Command command = new("explain", "Explains an image: the scores of some texts, split exactly into the direct effects of layers, heads and patches; writes a page to look at.");
        Argument<string> image = new("image") { Description = "A PNG or JPEG file.", HelpName = "IMAGE" };
        Option<string?> output = new("--out") { Description = "A folder for the page, the pictures and explanation.json.", HelpName = "DIR" };
        Option<int> top = new("--top") { Description = "Of a list of classes, explain the most probable (default 5).", HelpName = "N", DefaultValueFactory = _ => DefaultTop };
        Option<bool> centered = new("--centered") { Description = "Centre every part by its own mean, in place of equal shares of the total mean." };
        command.Arguments.Add(image);
        command.Options.Add(output);
        ClassArguments classes = new(command);
        command.Options.Add(top);
        command.Options.Add(centered);
        ImageLimit limit = new(command);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            if (result.GetValue(top) < 1)
                throw new UserException($"--top {result.GetValue(top)} must be at least 1.");
            DecodedImage picture = ImageDecoder.Load(result.GetValue(image)!, limit.Read(result));
            using OutputFolder? folder = result.GetValue(output) is { } path ? new OutputFolder(path) : null;
            using ClipModel loaded = model.Load(result, classes.NeedsTexts(result) ? TowerSelection.All : TowerSelection.VisionOnly);
            Classifier classifier = classes.Read(result, loaded, model.Path(result));
            bool isList = classifier.Templates.Length > 0 || !classes.NeedsTexts(result);
            ExplanationOptions options = new()
            {
                BestCount = isList ? result.GetValue(top) : null,
                MeanShare = result.GetValue(centered) ? MeanShare.Own : MeanShare.Even,
            };
            LinearClassifier texts = new(classifier.Rows, loaded.EmbedWidth) { Names = classifier.Names, Templates = classifier.Templates };
            ImageExplanation explanation = ImageExplanation.Create(loaded, picture, texts, options);
            Provenance provenance = Provenance.Of(loaded, CommandLineOf(result), s_version);

            TextWriter print = json.Text(result);
            ExplanationText.Write(print, explanation, provenance);
            if (folder != null)
            {
                ExplanationReport.AddTo(folder, explanation, provenance);
                folder.Commit();
                print.WriteLine($"look at {Path.Combine(result.GetValue(output)!, "index.html")}");
            }
            json.Write(result, writer => ExplanationJson.Write(writer, explanation, provenance));
        });
        return command;
    }

    static string CommandLineOf(ParseResult result) =>
        "clipcore " + string.Join(' ', result.Tokens.Select(token => token.Value.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-_./=:".Contains(c))
            ? $"\"{token.Value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"" : token.Value));
}

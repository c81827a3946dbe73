using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using System.Text;
using ClipCore.Checkpoints;
using ClipCore.Cli.Report;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Reports.Pictures;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore explain</c>: what a model sees in an image, and which of its parts say so.</summary>
static class ExplainCommand
{
    const int DefaultTop = 5;

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
            MeanShare share = result.GetValue(centered) ? MeanShare.Own : MeanShare.Even;
            Explanation explanation = Explain(
                loaded, picture, classifier, isList ? result.GetValue(top) : int.MaxValue, share, model.Path(result) ?? DemoModel.Name, CommandLineOf(result));

            TextWriter print = json.Text(result);
            ExplanationText.Write(print, explanation);
            if (folder != null)
            {
                Save(folder, explanation);
                print.WriteLine($"look at {Path.Combine(result.GetValue(output)!, "index.html")}");
            }
            json.Write(result, writer => ExplanationJson.Write(writer, explanation));
        });
        return command;
    }

    static Explanation Explain(
        ClipModel model, DecodedImage picture, Classifier classifier, int top, MeanShare share, string name, string command)
    {
        ImagePreprocessor preprocessor = model.Preprocessor;
        PreparedImage image = preprocessor.Prepare(picture);
        float[] pixels = new float[preprocessor.PixelCount];
        preprocessor.Normalize(image.Rgb, pixels);
        DirectEffects vectors = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Head, MeanShare = share });
        float[] representation = new float[model.EmbedWidth];
        vectors.Representation.FlattenTo(representation);

        float[] logits = new float[classifier.Names.Length], probabilities = new float[logits.Length];
        model.Logits(representation, classifier.Rows).CopyTo(logits, 0);
        model.Probabilities(representation, classifier.Rows).CopyTo(probabilities, 0);
        int[] chosen = [.. Enumerable.Range(0, logits.Length)];
        if (top < int.MaxValue)
            chosen = [.. chosen.OrderByDescending(text => logits[text]).ThenBy(text => text).Take(top)];
        float[] rows = [.. chosen.SelectMany(text => classifier.Rows.AsSpan(text * model.EmbedWidth, model.EmbedWidth).ToArray())];
        using EffectDirections directions = model.CreateDirections(rows);
        DirectEffects effects = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Patch, MeanShare = share, Directions = directions });
        ExplainedTexts texts = new(
            [.. chosen.Select(text => classifier.Names[text])], [.. chosen.Select(text => logits[text] / model.LogitScale)],
            [.. chosen.Select(text => logits[text])], [.. chosen.Select(text => probabilities[text])], logits.Length);
        VisionConfig vision = model.Config.Vision!;
        Provenance provenance = new(
            name, model.Checkpoint.Sha256, model.Isa == Lanes.Isa.Scalar ? "scalar code" : $"{(int)model.Isa}-bit registers", model.ThreadCount, share, command,
            Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        return new Explanation(picture.Name, picture, image, vision.ImageSize / vision.PatchSize, texts, effects, vectors, provenance);
    }

    static void Save(OutputFolder folder, Explanation explanation)
    {
        List<string> names = ["explanation.json", "preprocessed.png", "heads.png"];
        using MemoryStream json = new();
        JsonOutput.WriteTo(json, writer => ExplanationJson.Write(writer, explanation));
        folder.Add("explanation.json", json.ToArray());
        folder.Add("preprocessed.png", PngWriter.Encode(explanation.Image.Rgb, explanation.Image.Size, explanation.Image.Size));
        folder.Add("heads.png", ExplanationPictures.Heads(explanation).ToPng());
        Canvas[] overlays = ExplanationPictures.Overlays(explanation);
        for (int i = 0; i < overlays.Length; i++)
        {
            names.Add($"text-{i + 1}.png");
            folder.Add(names[^1], overlays[i].ToPng());
        }
        folder.Add("index.html", Encoding.UTF8.GetBytes(ExplanationPage.Write(explanation, [.. names])));
        folder.Commit();
    }

    static string CommandLineOf(ParseResult result) =>
        "clipcore " + string.Join(' ', result.Tokens.Select(token => token.Value.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-_./=:".Contains(c))
            ? $"\"{token.Value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"" : token.Value));
}

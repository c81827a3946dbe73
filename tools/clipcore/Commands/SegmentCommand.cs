using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Report.Plots;
using ClipCore.DataSets;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Reports.Pictures;
using ClipCore.Reports.Plots;
using ClipCore.Segmentation;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore segment</c>: zero-shot masks from the decomposition, and how they fit the truth.</summary>
static class SegmentCommand
{
    static readonly string[] s_methods = ["decomposition", "raw attention", "rollout", "values"];

    public static Command Create()
    {
        Command command = new("segment", "Zero-shot segmentation: which patches speak for a text, or for the predicted class, over the mean of the classes; scores where masks are given.");
        Argument<string?> data = new("data") { Description = "A picture, a folder, or a list with the columns image,mask (default: the built-in scenes of one object).", HelpName = "DATA", DefaultValueFactory = _ => null };
        Option<string> protocol = new("--protocol") { Description = "reference: the mask is squashed to the model's square, whatever the picture's shape, as in the paper's script; aligned (default): it is cut as the picture is.", HelpName = "NAME", DefaultValueFactory = _ => "aligned" };
        Option<string?> output = new("--out") { Description = "A folder for the masks as PNG.", HelpName = "DIR" };
        Option<string?> sheet = new("--sheet") { Description = "Write a contact sheet: each picture as the model sees it, the background darkened, with its class.", HelpName = "FILE.png" };
        command.Arguments.Add(data);
        foreach (Option option in (Option[])[protocol, output, sheet])
            command.Options.Add(option);
        ClassArguments classes = new(command);
        ImageLimit limit = new(command);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            bool squash = result.GetValue(protocol) switch
            {
                "reference" => true,
                "aligned" => false,
                var other => throw new UserException($"--protocol {other} is not known: it may be reference or aligned."),
            };
            using ClipModel loaded = model.Load(result, classes.NeedsTexts(result) ? Checkpoints.TowerSelection.All : Checkpoints.TowerSelection.VisionOnly);
            Classifier classifier = classes.Read(result, loaded, model.Path(result));
            ImageSet images = Images(result.GetValue(data), model.Path(result));
            using OutputFolder? folder = result.GetValue(output) is { } path ? new OutputFolder(path) : null;
            using Segmenter segmenter = new(loaded, classifier, squash, limit.Read(result));
            SegmentedImage[] found = new SegmentedImage[images.Entries.Length];
            using (Progress progress = new("segmenting", "images", found.Length))
                for (int i = 0; i < found.Length; i++)
                {
                    found[i] = segmenter.Run(images.Entries[i]);
                    folder?.Add($"{i:00000}-{Path.GetFileNameWithoutExtension(images.Entries[i].Path)}.png", MaskPng(found[i].Mask));
                    progress.Report(i + 1);
                }
            folder?.Commit();
            if (result.GetValue(sheet) is { } sheetPath)
                MaskSheet.Draw(Pictures(loaded.Preprocessor, limit.Read(result), images, found, classifier), found.Length).Save(sheetPath);
            SegmentationTable table = SegmentationTable.Of(found);
            Print(json.Text(result), images, found, table, classifier);
            plot.Write(result, () => Draw(table));
            json.Write(result, writer => Write(writer, images, found, table, classifier));
        });
        return command;
    }

    static ImageSet Images(string? data, string? model)
    {
        if (data != null)
            return File.Exists(data) && Path.GetExtension(data).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg" ? new ImageSet(data, [new ImageEntry(data)], []) : ImageSet.Open(data);
        if (model != null)
            throw new UserException("no picture was given: name a picture, a folder, or a list with the columns image,mask.");
        ImageSet scenes = DemoData.Scenes(ClassList.Of(null)!.Names);
        return scenes with { Entries = [.. scenes.Entries.Where(entry => entry.Label >= 0)] };
    }

    static byte[] MaskPng(HeatmapMask mask) => PngWriter.Encode([.. mask.Foreground.Select(value => (byte)(value ? 255 : 0))], mask.Width, mask.Height);

    static void Print(TextWriter print, ImageSet images, SegmentedImage[] found, SegmentationTable table, Classifier classifier)
    {
        if (found.Length <= 20)
            for (int i = 0; i < found.Length; i++)
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{images.Entries[i].Path}: {classifier.Names[found[i].Class]}, {found[i].Mask.Foreground.Count(value => value) / (double)found[i].Mask.Foreground.Length:0.0%} foreground"));
        if (table.ImageCount == 0)
        {
            print.WriteLine($"{found.Length} pictures; without masks there is nothing to compare with");
            return;
        }
        print.WriteLine($"{images.Name}: {table.ImageCount} pictures with masks");
        print.WriteLine($"{"",-16}{"pixel accuracy",16}{"mean IoU",10}{"mean AP",10}");
        for (int method = 0; method < s_methods.Length; method++)
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s_methods[method],-16}{table.Counts[method].PixelAccuracy,16:0.0000}{table.Counts[method].MeanIoU,10:0.0000}{table.MeanAP[method],10:0.0000}"));
    }

    static void Write(Utf8JsonWriter json, ImageSet images, SegmentedImage[] found, SegmentationTable table, Classifier classifier)
    {
        json.WriteStartObject();
        json.WriteNumber("images", found.Length);
        if (table.ImageCount > 0)
        {
            WriteScores(json, table.Counts[0], table.MeanAP[0]);
            json.WriteStartObject("baselines");
            for (int method = 1; method < s_methods.Length; method++)
            {
                json.WriteStartObject(s_methods[method]);
                WriteScores(json, table.Counts[method], table.MeanAP[method]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteStartArray("perImage");
        for (int i = 0; i < found.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("image", images.Entries[i].Path);
            json.WriteString("class", classifier.Names[found[i].Class]);
            if (found[i].Scores is { } scores)
            {
                json.WriteNumber("pixelCorrect", scores[0].Counts.Correct);
                json.WriteNumber("pixelLabeled", scores[0].Counts.Labeled);
                WriteScores(json, scores[0].Counts, scores[0].AveragePrecision);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Bars of each score by method.</summary>
    static Plot Draw(SegmentationTable table)
    {
        if (table.ImageCount == 0)
            throw new UserException("--plot shows scores: give a list with the columns image,mask.");
        return SegmentationPlot.Draw(
            [.. s_methods.Select((name, i) => new SegmentationScores(name, table.Counts[i].PixelAccuracy, table.Counts[i].MeanIoU, table.MeanAP[i]))],
            table.ImageCount);
    }

    static IEnumerable<MaskPicture> Pictures(ImagePreprocessor preprocessor, long maxPixels, ImageSet images, SegmentedImage[] found, Classifier classifier)
    {
        for (int i = 0; i < found.Length; i++)
        {
            string path = images.Entries[i].Path;
            string fit = found[i].Scores is { } scores ? string.Create(CultureInfo.InvariantCulture, $"{scores[0].Counts.PixelAccuracy:0.0%} right") : "";
            yield return new MaskPicture(
                preprocessor.Prepare(ImageDecoder.Load(path, maxPixels)), found[i].Mask.Foreground, Path.GetFileName(path),
                classifier.Names[found[i].Class], fit);
        }
    }

    static void WriteScores(Utf8JsonWriter json, PixelCounts counts, double precision)
    {
        json.WriteNumber("pixelAccuracy", counts.PixelAccuracy);
        json.WriteNumber("meanIoU", counts.MeanIoU);
        json.WriteNumber("meanAP", precision);
    }
}

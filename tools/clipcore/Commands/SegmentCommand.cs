using System.CommandLine;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Report;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Reports.Pictures;
using ClipCore.Reports.Plots;
using ClipCore.Segmentation;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore segment</c>: zero-shot masks from the decomposition, and how they fit the truth.</summary>
static class SegmentCommand
{
    const int Listed = 20;

    public static Command Create()
    {
        Command command = new("segment", "Zero-shot segmentation: which patches speak for a text or the predicted class; scores where a list gives masks.");
        Argument<string?> source = new("data")
        {
            Description = "A picture, a folder, or a list with the columns image,mask (default: the built-in scenes of one object).",
            HelpName = "DATA",
            DefaultValueFactory = _ => null,
        };
        Option<string?> data = new("--data") { Description = "The same as the argument.", HelpName = "DATA" };
        Option<string?> protocol = Choice.Of(
            "--protocol",
                "reference: masks are squashed to the model's square, as in the paper's script; aligned (default): cut as the pictures are.",
                ["aligned", "reference"]);
        Option<string?> output = new("--out") { Description = "A folder for the masks as PNG.", HelpName = "DIR" };
        Option<string?> sheet = new("--sheet")
        {
            Description = "Write a contact sheet: each picture as the model sees it, the background darkened, with its class.",
            HelpName = "FILE.png",
        };
        command.Arguments.Add(source);
        foreach (Option option in (Option[])[data, protocol, output, sheet])
            command.Options.Add(option);
        CandidateArguments candidates = new(command);
        MaskArguments masks = new(command);
        ImageLimit limit = new(command);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            if (result.GetValue(source) != null && result.GetValue(data) != null)
                throw new UserException("pictures were given as an argument and with --data: take one of them.");
            string? path = result.GetValue(source) ?? result.GetValue(data);
            if (path == null && model.Path(result) != null)
                throw new UserException("no picture was given: name a picture, a folder, or a list with the columns image,mask.");
            ImageSet images = path == null ? DemoData.SingleObjects() : ImageArguments.Pictures(Given.Path("--data", path));
            using ClipModel loaded = model.Load(result, candidates.NeedsTexts(result) ? TowerSelection.All : TowerSelection.VisionOnly);
            (LinearClassifier classifier, string from) = candidates.Read(result, loaded, model.Path(result), cancellation);
            Job job = new(loaded, classifier, images, masks.Read(result), limit.Read(result), limit.IsStrict(result), new SegmentationOptions
            {
                Protocol = result.GetValue(protocol) == "reference" ? MaskProtocol.Reference : MaskProtocol.Aligned,
                MaxPixels = limit.Read(result),
            });
            string? folder = result.GetValue(output) is { } given ? Given.Path("--out", given) : null;
            using OutputFolder? outputFolder = folder == null ? null : new OutputFolder(folder);
            job.Run(folder, cancellation);
            outputFolder?.Commit();
            Skips.Tell(result, job.Skipped);
            if (job.Table.ImageCount == 0)
                throw new UserException($"{images.Name}: no image could be read.");
            if (result.GetValue(sheet) is { } sheetPath)
                MaskSheet.Draw(job.Pictures(), job.Found.Count).Save(Given.Path("--sheet", sheetPath));
            Print(json.Text(result), images, job, from);
            plot.Write(result, () => Draw(job.Table));
            json.Write(result, loaded.Identity, images.Name, job.Results(from), ResultsContext.Default.EnvelopeSegmentResults);
            return Skips.Code(job.Skipped.Count);
        });
        return command;
    }

    /// <summary>Segments a set, picture by picture: nothing stays open or in memory but scores.</summary>
    sealed class Job(ClipModel model, LinearClassifier classifier, ImageSet images, MaskOptions masks, long maxPixels, bool strict, SegmentationOptions options)
    {
        public SegmentationTable Table { get; } = new();

        public List<(int Index, SegmentedPicture Picture)> Found { get; } = [];

        public List<SkippedImage> Skipped { get; } = [];

        public void Run(string? folder, CancellationToken cancellation)
        {
            using Segmenter segmenter = new(model, classifier, options);
            using Progress progress = new("segmenting", "images", images.Count);
            string[] names = [.. OutputNames.Of(images)];
            for (int i = 0; i < images.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Report(i);
                ImageEntry entry = images.Entries[i];
                // A mask that can't be read is no fault of the picture: how it is meant must be said.
                ObjectMask? truth = entry.Mask == null ? null : ObjectMask.Read(entry.Mask, masks, maxPixels);
                SegmentedImage image;
                try
                {
                    image = segmenter.Segment(entry.Image, truth);
                }
                catch (Exception exception) when (!strict && images.Count > 1 && exception is ImageException or FileNotFoundException
                    or DirectoryNotFoundException or UnauthorizedAccessException)
                {
                    Skipped.Add(new SkippedImage(i, entry.Image.Name, exception.Message));
                    continue;
                }
                Table.Add(image);
                string? mask = folder == null ? null : Path.Combine(folder, $"{names[i]}.png");
                if (mask != null)
                    Save(mask, image.Mask);
                MaskScore? score = image.Scores.GetValueOrDefault(SegmentationMethod.Decomposition);
                Found.Add((i, new SegmentedPicture(
                    entry.Image.Name, classifier.Names[image.Class], image.Mask.ForegroundShare, score?.Counts.Correct, score?.Counts.Labeled,
                    score?.Counts.PixelAccuracy, score?.Counts.MeanIoU, score?.AveragePrecision, mask)));
            }
        }

        public IEnumerable<MaskPicture> Pictures()
        {
            using Segmenter segmenter = new(model, classifier, options);
            foreach ((int index, SegmentedPicture picture) in Found)
            {
                ImageSource source = images.Entries[index].Image;
                using Stream stream = source.Open();
                PreparedImage prepared = model.Preprocessor.Prepare(ImageDecoder.Decode(stream, source.Name, maxPixels));
                yield return new MaskPicture(prepared, segmenter.Segment(source).Mask.Foreground, Path.GetFileName(picture.Image), picture.Class);
            }
        }

        public SegmentResults Results(string from)
        {
            bool scored = Table.ScoredCount > 0;
            SegmentationScore? own = scored ? Table[SegmentationMethod.Decomposition] : null;
            return new SegmentResults(
                (int)Table.ImageCount, (int)Table.ScoredCount, [.. classifier.Names], [.. classifier.Templates], from,
                options.Protocol.ToString().ToLowerInvariant(),
                scored ? new MaskShares(Table.ForegroundShare, Table.BackgroundShare, Table.IgnoredShare) : null, own?.Counts.PixelAccuracy,
                own?.Counts.MeanIoU, own?.MeanAveragePrecision,
                Table.Methods.Where(method => method != SegmentationMethod.Decomposition).ToDictionary(InWords, method => Scores(Table[method])),
                [.. Found.Select(found => found.Picture)], Skips.Of(Skipped));
        }

        static void Save(string path, HeatmapMask mask)
        {
            using OutputFile file = new(path);
            file.Stream.Write(PngWriter.Encode([.. mask.Foreground.Select(value => (byte)(value ? 255 : 0))], mask.Width, mask.Height));
            file.Commit();
        }
    }

    static string InWords(SegmentationMethod method) => method switch
    {
        SegmentationMethod.Decomposition => "decomposition",
        SegmentationMethod.RawAttention => "raw attention",
        SegmentationMethod.Rollout => "rollout",
        _ => "values",
    };

    static SegmentScores Scores(SegmentationScore score) => new(score.Counts.PixelAccuracy, score.Counts.MeanIoU, score.MeanAveragePrecision);

    static void Print(TextWriter print, ImageSet images, Job job, string from)
    {
        if (job.Found.Count <= Listed)
            foreach ((_, SegmentedPicture picture) in job.Found)
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{picture.Image}: {picture.Class}, {picture.Foreground:0.0%} foreground"));
        SegmentationTable table = job.Table;
        if (table.ScoredCount == 0)
        {
            print.WriteLine($"{table.ImageCount} {(table.ImageCount == 1 ? "picture" : "pictures")}; without masks there is nothing to compare with");
            return;
        }
        print.WriteLine($"{images.Name}: {table.ScoredCount} pictures with masks; classes: {from}");
        print.WriteLine($"true masks: {Shares.One(table.ForegroundShare)} % foreground, {Shares.One(table.BackgroundShare)} % background, "
            + $"{Shares.One(table.IgnoredShare)} % left out");
        print.WriteLine($"{"",-16}{"pixel accuracy",16}{"mean IoU",10}{"mean AP",10}");
        foreach (SegmentationMethod method in table.Methods)
        {
            SegmentScores scores = Scores(table[method]);
            print.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{InWords(method),-16}{scores.PixelAccuracy,16:0.0000}{scores.MeanIoU,10:0.0000}{scores.MeanAP,10:0.0000}"));
        }
    }

    static Plot Draw(SegmentationTable table) => table.ScoredCount == 0
        ? throw new UserException("--plot shows scores: give a list with the columns image,mask.")
        : SegmentationPlot.Draw(
            [.. table.Methods.Select(method => (InWords(method), Scores(table[method])))
                .Select(row => new SegmentationScores(row.Item1, row.Item2.PixelAccuracy, row.Item2.MeanIoU, row.Item2.MeanAP))],
            (int)table.ScoredCount);
}

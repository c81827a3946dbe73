using System.CommandLine;
using System.Text;
using System.Text.Json;
using ClipCore.Ablation;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Reports.Plots;
using ClipCore.Reports.Reproduction;
using ClipCore.Segmentation;
using ClipCore.TextSpan;
using ClipCore.Verification;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore reproduce</c>: the paper's tables and figures one by one, measured beside expected.</summary>
static class ReproduceCommand
{
    const string Paper = "arXiv 2310.05916", Card = "weights/demo/results.json";
    const int DemoRank = 32, PaperRank = 80, Texts = 20, LastLayers = 4;

    public static Command Create()
    {
        Command command = new(
            "reproduce", "The paper's tables and figures on your data and checkpoint, or on the built-in model's: measured beside expected, and one page.");
        Option<string?> imagenet = new("--imagenet")
        {
            Description = "Pictures with classes, such as ImageNet's validation set, or a store of them: for ablation and TEXTSPAN.",
            HelpName = "DATA",
        };
        Option<string?> waterbirds = new("--waterbirds") { Description = "The folder of Waterbirds, or a store of it.", HelpName = "DATA" };
        Option<string?> segmentation = new("--segmentation") { Description = "A list with the columns image,mask.", HelpName = "FILE.csv" };
        Option<string?> architecture = Choice.Of(
            "--as", "Whose published numbers to compare with, where architecture, templates and data fit.",
            [.. PaperResults.All.Select(model => model.Architecture)]);
        Option<string?> output = new("--out") { Description = "A folder for the page and its plots.", HelpName = "DIR" };
        foreach (Option option in (Option[])[imagenet, waterbirds, segmentation])
            command.Options.Add(option);
        PoolArguments pool = new(command);
        ClassArguments classes = new(command);
        command.Options.Add(architecture);
        command.Options.Add(output);
        EffectSource effects = new(command, classes);
        MaskArguments masks = new(command);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            bool isDemo = model.Path(result) == null;
            string?[] data = [.. ((Option<string?>[])[imagenet, waterbirds, segmentation])
                .Select(option => result.GetValue(option) is { } path ? Given.Path(option.Name, path) : null)];
            if (!isDemo && data.All(path => path == null))
                throw new UserException("--model without data: give --imagenet, --waterbirds or --segmentation.");
            using JsonDocument? card = isDemo && data.All(path => path == null) ? JsonDocument.Parse(File.ReadAllBytes(DemoData.Path("results.json"))) : null;
            using ClipModel loaded = model.Load(result);
            PaperResults? paper = PaperResults.All.FirstOrDefault(known => known.Architecture == result.GetValue(architecture));
            if (paper != null && !paper.Fits(loaded.VisionConfig))
                throw new UserException($"--as {paper.Architecture}: this model has another architecture, so its numbers are no expectation; leave --as out.");
            string? folder = result.GetValue(output) is { } given ? Given.Path("--out", given) : null;
            using OutputFolder? target = folder == null ? null : new OutputFolder(folder);
            Job job = new(result, effects, loaded, model.Path(result), card?.RootElement, paper, cancellation);
            bool all = isDemo && data.All(path => path == null);
            if (all || data[0] != null)
                job.Scenes(data[0], isDemo || pool.Path(result) != null ? pool.Read(result, isDemo) : null);
            if (all || data[1] != null)
                job.Birds(data[1]);
            if (all || data[2] != null)
                job.Masks(data[2], classes, masks.Read(result));

            Print(json.Text(result), job.Rows);
            string[] written = [];
            if (target != null)
            {
                foreach ((string name, Plot plot) in job.Plots)
                    target.Add(name, Encoding.UTF8.GetBytes(plot.ToSvg()));
                target.Add("index.html", Encoding.UTF8.GetBytes(ReproductionPage.Write(job.Rows, job.Plots)));
                target.Commit();
                written = [Path.Combine(folder!, "index.html"), .. job.Plots.Select(plot => Path.Combine(folder!, plot.Name))];
            }
            ReproduceResults results = new(
                [.. job.Rows.Select(row => new ReproducedRow(
                    row.Table, row.What, row.IsCount ? "count" : "share", row.Measured, row.Expected, row.Expected == null ? null : row.Source))],
                written, [.. job.Skipped]);
            json.Write(result, loaded.Identity, null, results, ResultsContext.Default.EnvelopeReproduceResults);
            return Skips.Code(job.Skipped.Count);
        });
        return command;
    }

    /// <summary>The tables, one after the other.</summary>
    sealed class Job(ParseResult result, EffectSource effects, ClipModel model, string? modelPath, JsonElement? card, PaperResults? paper,
        CancellationToken cancellation)
    {
        public List<ReproducedNumber> Rows { get; } = [];

        public List<(string Name, Plot Plot)> Plots { get; } = [];

        public List<SkippedInput> Skipped { get; } = [];

        string Source => card == null ? Paper : Card;

        public void Scenes(string? data, TextPool? pool)
        {
            const string Table1 = "Mean-ablation (table 1)", Curve = "Attention layers replaced one after the other (figure)",
                Spans = "TEXTSPAN (table 2 and figure)";
            using EffectInput input = effects.Open(result, data, DemoData.Scenes, model, modelPath, Judging.Required, cancellation);
            Skipped.AddRange(input.Skipped);
            EffectSet set = input.Effects;
            LinearClassifier classifier = input.RequireClasses();
            AblationTable table;
            using (Progress progress = new("judging", "images", set.ImageCount))
                table = MeanAblation.Run(set, classifier, progress, cancellation);
            JsonElement? ablation = card?.GetProperty("mean_ablation");
            double? Known(string name) => ablation?.GetProperty(name).GetDouble();
            bool fits = set.ImageCount == PaperResults.ImageNetImages && classifier.ClassCount == PaperResults.ImageNetClasses
                && classifier.Templates.Count == PaperResults.Templates;
            Add(Table1, "zero-shot accuracy, nothing replaced", table.Baseline, Known("baseline_object") ?? (fits ? paper?.ZeroShot : null));
            Add(Table1, "all MLPs replaced by their means", table.Mlps, Known("mlp_mean_ablated_object"));
            if (table.ClassAttention is { } own)
                Add(Table1, "class-token attention replaced", own, null);
            if (table.MlpsAndClassAttention is { } both)
                Add(Table1, "both replaced", both, null);
            JsonElement? curve = ablation?.EnumerateObject().Single(property => property.Name.StartsWith("cumulative_attn", StringComparison.Ordinal)).Value;
            for (int layer = 0; layer < table.Cumulative.Length; layer++)
                Add(Curve, $"attention 0 … {layer}", table.Cumulative[layer], curve?[layer + 1][0].GetDouble());
            Plots.Add(("ablation.svg",
                AblationPlot.Draw(table.Baseline, table.Mlps, table.Cumulative, classifier.ClassCount, Path.GetFileName(input.Name), set.ImageCount)));
            if (pool == null)
                return;

            float[] texts = pool.Encode(model, null, cancellation);
            int rank = card == null ? PaperRank : DemoRank, layers = Math.Min(LastLayers, set.LayerCount - set.FirstHeadLayer);
            TextSpanOptions options = new() { Count = Texts, Rank = rank, LastLayers = set.LayerCount - set.FirstHeadLayer };
            IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans = TextSpanExperiment.Spans(set, texts, options, null, cancellation);
            Dictionary<ComponentLabel, TextSpanResult> late =
                spans.Where(pair => pair.Key.Layer >= set.LayerCount - layers).ToDictionary(pair => pair.Key, pair => pair.Value);
            double accuracy = TextSpanExperiment.Accuracy(set, classifier, late, [Texts], null, cancellation).Accuracies[0];
            Add(
                Spans, $"accuracy with {Texts} texts a head in the last {layers} layers", accuracy,
                card?.GetProperty("textspan_reconstruction_last4_top1(20 texts, MLPs kept)").GetDouble());
            if (card is { } found)
            {
                int same = found.GetProperty("textspan").EnumerateObject()
                    .Count(head => head.Value.GetProperty("top5").EnumerateArray().Select(text => text.GetString())
                    .SequenceEqual(spans[ComponentLabel.Match(head.Name, set.LayerCount, set.HeadCount)[0]].Indices.Take(5)
                        .Select(index => pool.Texts[index])));
                Rows.Add(new ReproducedNumber(Spans, "heads whose first five texts are the card's", same, spans.Count, Source, IsCount: true));
            }
        }

        public void Birds(string? data)
        {
            const string Table = "Waterbirds (worst group)";
            using EffectInput input = effects.Open(result, data, DemoData.Waterbirds, model, modelPath, Judging.Named, cancellation);
            Skipped.AddRange(input.Skipped);
            LinearClassifier classifier = input.RequireClasses();
            DataSplits splits = DataSplits.ToJudge(input.Effects);
            EffectSet set = splits.Judged;
            bool fits = card != null || (set.ImageCount == PaperResults.WaterbirdsImages && classifier.Templates.Count == PaperResults.Templates);
            IReadOnlyList<ComponentLabel> heads = card != null ? [ComponentLabel.OfHead(4, 3)] : paper?.CueHeads ?? [];
            double? Worst(string key) => card?.GetProperty("waterbirds").GetProperty(key).GetProperty("worst_group").GetDouble();
            if (heads.Count == 0)
            {
                Add(Table, "before", GroupAccuracyOf(set, classifier).Worst, null);
                return;
            }
            SpuriousResult plain = SpuriousExperiment.Run(splits, classifier, [.. heads], null, null, cancellation);
            SpuriousResult recipe = SpuriousExperiment.Run(splits, classifier, [.. heads], card == null
                ? new SpuriousOptions { Protocol = SpuriousProtocol.Reference, Seeds = [] }
                : new SpuriousOptions { Besides = ComponentLabel.Match("*.MLP,Embed,L0.*,L1.*", set.LayerCount, set.HeadCount), Seeds = [] }, null,
                    cancellation);
            string named = heads.Count == 1 ? heads[0].ToString() : $"the paper's {heads.Count} heads";
            Add(Table, "before", plain.Baseline.Worst, Worst("baseline") ?? (fits ? paper?.WorstGroupBefore : null));
            Add(Table, $"{named} replaced", plain.Replaced.Worst, Worst("ablate_heads_with_>=5_background_texts"));
            Add(
                Table, $"{named}, the MLPs and early attention replaced", recipe.Replaced.Worst,
                Worst("ablate_heads_>=5_and_MLPs_and_first2") ?? (fits ? paper?.WorstGroupAfter : null));
            Add(Table, "five random choices of as many heads, mean", plain.Random.Average(draw => draw.Accuracy.Worst), null);
            Plots.Add(("waterbirds.svg",
                SpuriousPlot.Draw(plain.Heads, plain.Baseline.Worst, plain.Replaced.Worst, [.. plain.Random.Select(draw => draw.Accuracy.Worst)])));
        }

        public void Masks(string? data, ClassArguments classArguments, MaskOptions masks)
        {
            const string Table = "Zero-shot segmentation (table 3)";
            IReadOnlyList<ClassList> known = classArguments.OfModel(result, modelPath);
            ClassList list = classArguments.Read(result) ?? known.FirstOrDefault()
                ?? throw new UserException("this model brings no classes.json beside its weights: name the classes with --classes FILE.");
            LinearClassifier classifier = new JudgedClasses(list, "").Encode(model, known, cancellation);
            ImageSet images = data != null ? ImageSetReader.Open(data) : DemoData.SingleObjects();
            SegmentationMethod[] methods = [SegmentationMethod.Decomposition, SegmentationMethod.RawAttention, SegmentationMethod.Rollout];
            // The paper's numbers come from its own mixture of crop and squash; the built-in scenes are square, so that both protocols are one.
            using Segmenter segmenter = new(model, classifier, new SegmentationOptions { Protocol = MaskProtocol.Reference, Methods = methods });
            SegmentationTable table = new();
            using (Progress progress = new("segmenting", "images", images.Count))
                for (int i = 0; i < images.Count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    ImageEntry entry = images.Entries[i];
                    table.Add(segmenter.Segment(entry.Image, entry.Mask == null ? null : ObjectMask.Read(entry.Mask, masks)));
                    progress.Report(i + 1);
                }
            if (table.ScoredCount == 0)
                throw new UserException($"{images.Name} has no masks: give a list with the columns image,mask.");
            bool fits = images.Count == PaperResults.SegmentationImages && classifier.ClassCount == PaperResults.ImageNetClasses
                && classifier.Templates.Count == PaperResults.Templates;
            JsonElement? scores = card?.GetProperty("segmentation").GetProperty("all_single");
            (string Name, string Key)[] rows =
                [("decomposition", "decomposition_predicted_class"), ("raw attention", "raw_attention_last_layer"), ("rollout", "rollout")];
            for (int i = 0; i < rows.Length; i++)
            {
                SegmentationScore score = table[methods[i]];
                double? Expected(string key, double? published) => scores?.GetProperty(rows[i].Key).GetProperty(key).GetDouble()
                    ?? (fits && i == 0 ? published : null);
                Add(Table, $"{rows[i].Name}: pixel accuracy", score.Counts.PixelAccuracy, Expected("pixel_accuracy", paper?.PixelAccuracy));
                Add(Table, $"{rows[i].Name}: mean IoU", score.Counts.MeanIoU, Expected("mIoU", paper?.MeanIoU));
                Add(Table, $"{rows[i].Name}: mean AP", score.MeanAveragePrecision, Expected("mAP", paper?.MeanAP));
            }
        }

        GroupAccuracy GroupAccuracyOf(EffectSet set, LinearClassifier classifier) =>
            SpuriousCue.Evaluate(
                set, classifier, EffectMeans.Of(set, null, cancellation), (IReadOnlyList<IReadOnlyCollection<ComponentLabel>>)[[]], null, cancellation)[0];

        void Add(string table, string what, double measured, double? expected) => Rows.Add(new ReproducedNumber(table, what, measured, expected, Source));
    }

    static void Print(TextWriter print, List<ReproducedNumber> rows)
    {
        foreach (IGrouping<string, ReproducedNumber> table in rows.GroupBy(row => row.Table))
        {
            print.WriteLine(table.Key);
            print.WriteLine($"  {"",-56}{"measured",10}{"expected",10}  source");
            foreach (ReproducedNumber row in table)
                print.WriteLine($"  {row.What,-56}{row.MeasuredInWords,10}{row.ExpectedInWords,10}  {(row.Expected == null ? "" : row.Source)}".TrimEnd());
        }
    }
}

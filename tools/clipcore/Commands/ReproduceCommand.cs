using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClipCore.Ablation;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Numerics;
using ClipCore.Reports.Plots;
using ClipCore.Reports.Reproduction;
using ClipCore.TextSpan;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore reproduce</c>: the paper's tables and figures one by one, measured beside expected.</summary>
static class ReproduceCommand
{
    const string Paper = "arXiv 2310.05916", Card = "weights/demo/results.json";
    const int DemoRank = 32, PaperRank = 80, Texts = 20, LastLayers = 4;

    /// <summary>One number.</summary>
    sealed record Row(string Table, string What, double Measured, double? Expected, string Source, bool IsCount = false);

    /// <summary>What the paper reports for a model; null where no public copy of the number was found.</summary>
    sealed record Published(double? Baseline, double? WorstBefore, double? WorstAfter, double? PixelAccuracy, double? MeanIoU, double? MeanAP, string Heads);

    static readonly Dictionary<string, Published> s_published = new()
    {
        ["ViT-B-16"] = new(70.22, 45.6, 57.5, null, null, null, "L11.H6,L11.H0,L11.H3,L10.H11,L10.H10,L9.H8,L9.H6"),
        ["ViT-L-14"] = new(75.25, 47.7, 72.9, 75.21, 54.50, 81.61, "L21.H1,L22.H12,L22.H13,L21.H11,L21.H14,L23.H6,L21.H3,L21.H6,L21.H8,L21.H13,L22.H2,L22.H15,L23.H1,L23.H3,L23.H5"),
        ["ViT-H-14"] = new(77.95, 37.2, 43.3, null, null, null, "L31.H8,L30.H15,L30.H12,L30.H6,L29.H14,L29.H8,L31.H12,L30.H11,L29.H4"),
    };

    public static Command Create()
    {
        Command command = new("reproduce", "The paper's tables and figures on your ImageNet, Waterbirds and segmentation data and checkpoint, or (default) on the built-in model's data: measured beside expected, and one page.");
        Option<string?> imagenet = new("--imagenet") { Description = "Pictures with classes, such as ImageNet's validation set, for ablation and TEXTSPAN.", HelpName = "DATA" };
        Option<string?> waterbirds = new("--waterbirds") { Description = "The folder of Waterbirds, with its metadata.csv.", HelpName = "DATA" };
        Option<string?> segmentation = new("--segmentation") { Description = "A list with the columns image,mask.", HelpName = "FILE.csv" };
        Option<string?> texts = new("--texts") { Description = "The pool for TEXTSPAN.", HelpName = "FILE" };
        Option<string?> architecture = new("--as") { Description = $"Whose published numbers to compare with: {string.Join(", ", s_published.Keys)}.", HelpName = "NAME" };
        Option<string?> output = new("--out") { Description = "A folder for the page and its plots.", HelpName = "DIR" };
        foreach (Option option in (Option[])[imagenet, waterbirds, segmentation, texts, architecture, output])
            command.Options.Add(option);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            bool isDemo = model.Path(result) == null;
            string?[] data = [result.GetValue(imagenet), result.GetValue(waterbirds), result.GetValue(segmentation)];
            if (!isDemo && data.All(path => path == null))
                throw new UserException("--model without data: give --imagenet, --waterbirds or --segmentation.");
            Published? published = result.GetValue(architecture) is not { } name ? null
                : s_published.TryGetValue(name, out Published? known) ? known : throw new UserException($"--as {name} is not known: it may be {string.Join(", ", s_published.Keys)}.");
            using OutputFolder? folder = result.GetValue(output) is { } path ? new OutputFolder(path) : null;
            using JsonDocument? card = isDemo ? JsonDocument.Parse(File.ReadAllBytes(DemoData.Path("results.json"))) : null;
            List<Row> rows = [];
            List<(string Name, Plot Plot)> plots = [];
            if (isDemo || data[0] != null)
                Scenes(result, model, data[0], result.GetValue(texts), card?.RootElement, published, rows, plots);
            if (isDemo || data[1] != null)
                Birds(result, model, data[1], card?.RootElement, published, rows, plots);
            if (isDemo || data[2] != null)
                Masks(result, model, data[2], card?.RootElement, published, rows);

            Print(json.Text(result), rows);
            if (folder != null)
            {
                foreach ((string file, Plot plot) in plots)
                    folder.Add(file, Encoding.UTF8.GetBytes(plot.ToSvg()));
                folder.Add("index.html", Encoding.UTF8.GetBytes(Page(rows, plots)));
                folder.Commit();
            }
            json.Write(result, writer => Write(writer, rows));
        });
        return command;
    }

    static void Scenes(
        ParseResult result, ModelArguments model, string? data, string? poolPath, JsonElement? card, Published? published, List<Row> rows, List<(string, Plot)> plots)
    {
        using EffectInput input = EffectArguments.Open(result, model, data, classAttention: true, birds: false);
        const string Table1 = "Mean-ablation (table 1)", Spans = "TEXTSPAN (table 2 and figure)";
        AblationTable table = AblateCommand.Percent(MeanAblation.Run(input.Effects, input.Classifier));
        JsonElement? ablation = card?.GetProperty("mean_ablation");
        double? Share(string name) => 100 * ablation?.GetProperty(name).GetDouble();
        string source = card == null ? Paper : Card;
        rows.Add(new Row(Table1, "zero-shot accuracy, nothing replaced", table.Baseline, Share("baseline_object") ?? published?.Baseline, source));
        rows.Add(new Row(Table1, "all MLPs replaced by their means", table.Mlps, Share("mlp_mean_ablated_object"), source));
        if (table.ClassAttention is { } own)
            rows.Add(new Row(Table1, "class-token attention replaced", own, null, ""));
        if (table.MlpsAndClassAttention is { } both)
            rows.Add(new Row(Table1, "both replaced", both, null, ""));
        JsonElement? curve = ablation?.EnumerateObject().Single(property => property.Name.StartsWith("cumulative_attn", StringComparison.Ordinal)).Value;
        for (int layer = 0; layer < table.Cumulative.Length; layer++)
            rows.Add(new Row("Attention layers replaced one after the other (figure)", $"attention 0 … {layer}", table.Cumulative[layer], 100 * curve?[layer + 1][0].GetDouble(), source));
        plots.Add(("ablation.svg", AblateCommand.Draw(table, input)));

        if (poolPath == null && card == null)
            return;
        TextPool pool = poolPath == null ? TextPool.Demo() : TextPool.Load(poolPath);
        float[] texts = pool.Encode(input.Model!);
        Dictionary<ComponentLabel, TextSpanResult> spans = TextSpanCommand.Spans(input.Effects, texts, Texts, card == null ? PaperRank : DemoRank, input.Effects.LayerCount, SpanRule.NumericalRank);
        int layers = Math.Min(LastLayers, input.Effects.LayerCount);
        (_, double accuracy) = TextSpanCommand.Accuracy(input.Effects, input.Classifier, TextSpanCommand.Late(spans, input.Effects, layers), Texts, layers);
        rows.Add(new Row(Spans, $"accuracy with {Texts} texts a head in the last {layers} layers", accuracy, 100 * card?.GetProperty("textspan_reconstruction_last4_top1(20 texts, MLPs kept)").GetDouble(), source));
        if (card is { } found)
        {
            int same = found.GetProperty("textspan").EnumerateObject().Count(head => head.Value.GetProperty("top5").EnumerateArray().Select(text => text.GetString())
                .SequenceEqual(spans[ComponentLabel.Match(head.Name, input.Effects.LayerCount, input.Effects.HeadCount)[0]].Indices.Take(5).Select(index => pool.Texts[index])));
            rows.Add(new Row(Spans, "heads whose first five texts are the card's", same, spans.Count, source, IsCount: true));
        }
    }

    static void Birds(ParseResult result, ModelArguments model, string? data, JsonElement? card, Published? published, List<Row> rows, List<(string, Plot)> plots)
    {
        const string Table = "Waterbirds (worst group)";
        using EffectInput input = EffectArguments.Open(result, model, data, classAttention: false, birds: true);
        EffectSet set = input.Effects;
        EffectMeans means = EffectMeans.Of(set);
        ComponentLabel[] heads = card != null ? [ComponentLabel.OfHead(4, 3)] : published != null ? Labels.Read("--as", published.Heads, set) : [];
        ComponentLabel[] besides = card != null ? Labels.Read("recipe", "*.MLP,Embed,L0.*,L1.*", set) : SpuriousCue.ReferenceProtocol(set);
        GroupAccuracy Evaluate(IEnumerable<ComponentLabel> of) => SpuriousCommand.Percent(SpuriousCue.Evaluate(set, input.Classifier, means, [.. of.Distinct()]));
        GroupAccuracy baseline = Evaluate([]), replaced = Evaluate(heads), recipe = Evaluate([.. heads, .. besides]);
        double? Worst(string key) => 100 * card?.GetProperty("waterbirds").GetProperty(key).GetProperty("worst_group").GetDouble();
        string source = card == null ? Paper : Card;
        rows.Add(new Row(Table, "before", baseline.Worst, Worst("baseline") ?? published?.WorstBefore, source));
        if (heads.Length == 0)
            return;
        string named = heads.Length == 1 ? heads[0].ToString() : $"the paper's {heads.Length} heads";
        rows.Add(new Row(Table, $"{named} replaced", replaced.Worst, Worst("ablate_heads_with_>=5_background_texts"), card == null ? "" : source));
        rows.Add(new Row(Table, $"{named}, the MLPs and early attention replaced", recipe.Worst, Worst("ablate_heads_>=5_and_MLPs_and_first2") ?? published?.WorstAfter, source));
        (ComponentLabel[], GroupAccuracy)[] random = [.. Enumerable.Range(1, 5).Select(seed => SpuriousCue.RandomHeads(set.LayerCount, set.HeadCount, heads.Length, seed)).Select(drawn => (drawn, Evaluate(drawn)))];
        rows.Add(new Row(Table, "five random choices of as many heads, mean", random.Average(draw => draw.Item2.Worst), null, ""));
        plots.Add(("waterbirds.svg", SpuriousCommand.Draw(heads, baseline, replaced, random)));
    }

    static void Masks(ParseResult result, ModelArguments model, string? data, JsonElement? card, Published? published, List<Row> rows)
    {
        const string Table = "Zero-shot segmentation (table 3)";
        using ClipModel loaded = model.Load(result);
        ClassList classes = ClassList.Of(model.Path(result)) ?? throw new UserException("this model brings no classes.json beside its weights: write one with the names of the classes.");
        float[] directions = new float[classes.Names.Length * loaded.EmbedWidth];
        string[] templates = classes.Templates ?? ClassList.DefaultTemplates;
        loaded.EncodeClasses(classes.Prompts, templates).FlattenTo(directions);
        ImageSet images = data != null ? ImageSet.Open(data) : DemoData.Scenes(classes.Names);
        ImageEntry[] entries = data != null ? images.Entries : [.. images.Entries.Where(entry => entry.Label >= 0)];
        // The paper's numbers come from its own mixture of crop and squash; the built-in scenes are square, so that both protocols are one.
        using Segmenter segmenter = new(loaded, new Classifier(classes.Names, templates, directions), squash: true, ImageDecoder.DefaultMaxPixels);
        SegmentedImage[] found = new SegmentedImage[entries.Length];
        using (Progress progress = new("segmenting", "images", entries.Length))
            for (int i = 0; i < entries.Length; i++)
            {
                found[i] = segmenter.Run(entries[i]);
                progress.Report(i + 1);
            }
        SegmentationTable table = SegmentationTable.Of(found);
        JsonElement? scores = card?.GetProperty("segmentation").GetProperty("all_single");
        (string Name, string Key)[] methods = [("decomposition", "decomposition_predicted_class"), ("raw attention", "raw_attention_last_layer"), ("rollout", "rollout")];
        string source = card == null ? Paper : Card;
        for (int method = 0; method < methods.Length; method++)
        {
            double? Expected(string key, double? paper) => 100 * scores?.GetProperty(methods[method].Key).GetProperty(key).GetDouble() ?? (method == 0 ? paper : null);
            rows.Add(new Row(Table, $"{methods[method].Name}: pixel accuracy", 100 * table.Counts[method].PixelAccuracy, Expected("pixel_accuracy", published?.PixelAccuracy), source));
            rows.Add(new Row(Table, $"{methods[method].Name}: mean IoU", 100 * table.Counts[method].MeanIoU, Expected("mIoU", published?.MeanIoU), source));
            rows.Add(new Row(Table, $"{methods[method].Name}: mean AP", 100 * table.MeanAP[method], Expected("mAP", published?.MeanAP), source));
        }
    }

    static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";

    static void Print(TextWriter print, List<Row> rows)
    {
        foreach (IGrouping<string, Row> table in rows.GroupBy(row => row.Table))
        {
            print.WriteLine(table.Key);
            print.WriteLine($"  {"",-56}{"measured",10}{"expected",10}  source");
            foreach (Row row in table)
                print.WriteLine($"  {row.What,-56}{Number(row.Measured),10}{Number(row.Expected),10}  {(row.Expected == null ? "" : row.Source)}".TrimEnd());
        }
    }

    static string Page(List<Row> rows, List<(string Name, Plot Plot)> plots) => ReproductionPage.Write(
        [.. rows.Select(row => row.IsCount ? new ReproducedNumber(row.Table, row.What, row.Measured, row.Expected, row.Source, true)
            : new ReproducedNumber(row.Table, row.What, row.Measured / 100, row.Expected / 100, row.Source))], plots);

    static void Write(Utf8JsonWriter json, List<Row> rows)
    {
        json.WriteStartArray();
        foreach (Row row in rows)
        {
            json.WriteStartObject();
            json.WriteString("table", row.Table);
            json.WriteString("what", row.What);
            json.WriteNumber("measured", row.Measured);
            if (row.Expected is { } expected)
            {
                json.WriteNumber("expected", expected);
                json.WriteString("source", row.Source);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

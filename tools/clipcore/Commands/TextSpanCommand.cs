using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Ablation;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Report.Plots;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Npy;
using ClipCore.Numerics;
using ClipCore.TextSpan;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore textspan</c>: which texts span what a head says.</summary>
static class TextSpanCommand
{
    const int PaperRank = 80, PaperCount = 20, PaperLayers = 4;

    public static Command Create()
    {
        Command command = new("textspan", "TEXTSPAN: the texts whose directions explain most of each head's outputs, and the accuracy with heads replaced by what their texts say.");
        Argument<string?> store = new("store") { Description = "A store of clipcore run; statistics alone are enough for the texts.", HelpName = "STORE", DefaultValueFactory = _ => null };
        command.Arguments.Add(store);
        Option<string?> data = new("--data") { Description = "Pictures (a folder or list); or with --texts FILE.npy one head's outputs [n, e] as FILE.npy.", HelpName = "DATA" };
        Option<string?> reference = new("--reference") { Description = "A folder of the paper's arrays with texts.npy [t, e]: its whole replacement script.", HelpName = "DIR" };
        Option<string?> texts = new("--texts") { Description = "The pool: a text file, one a line or factor<TAB>text; or representations [t, e] as .npy.", HelpName = "FILE" };
        Option<int> count = new("--count") { Description = "Texts of a head (default 20).", HelpName = "M", DefaultValueFactory = _ => PaperCount };
        Option<int> rank = new("--rank") { Description = "Directions of a head's span, at most (default 80, as the paper's code).", HelpName = "R", DefaultValueFactory = _ => PaperRank };
        Option<int> last = new("--last-layers") { Description = "Layers whose heads are explained; earlier ones are replaced by their means (default 4).", HelpName = "N", DefaultValueFactory = _ => PaperLayers };
        Option<string?> reconstruction = new("--reconstruction") { Description = "With --data FILE.npy: write the outputs' reconstruction [n, e].", HelpName = "FILE.npy" };
        Option<string?> counts = new("--accuracy-at") { Description = "Accuracies with heads replaced by their first texts, for these numbers (default 1,2,5,10,20 up to --count), against random directions too.", HelpName = "LIST" };
        Option<string?> common = new("--common") { Description = "A pool of common words to compare with (default: as many words as the pool has texts, the commonest of the model's vocabulary).", HelpName = "FILE" };
        Option<int> seeds = new("--random-draws") { Description = "Draws of random directions to compare with (default 3).", HelpName = "N", DefaultValueFactory = _ => 3 };
        foreach (Option option in (Option[])[data, reference, texts, count, rank, last, reconstruction, counts, common, seeds])
            command.Options.Add(option);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            int m = AtLeastOne("--count", result.GetValue(count)), r = AtLeastOne("--rank", result.GetValue(rank)), layers = AtLeastOne("--last-layers", result.GetValue(last));
            if (result.GetValue(data)?.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) == true)
                RunArrays(result, json, result.GetValue(data)!, result.GetValue(texts), m, r, result.GetValue(reconstruction));
            else if (result.GetValue(reference) is { } folder)
                RunReference(result, json, folder, m, r, layers);
            else
            {
                Settings settings = new(
                    result.GetValue(texts), result.GetValue(common), m, r, layers, Numbers(result.GetValue(counts), m), Math.Max(0, result.GetValue(seeds)));
                if (result.GetValue(store) is { } stored)
                    RunStore(result, json, model, plot, stored, settings);
                else
                    RunModel(result, json, model, plot, result.GetValue(data), settings);
            }
        });
        return command;
    }

    static void RunArrays(ParseResult result, JsonOutput json, string dataPath, string? textsPath, int count, int rank, string? reconstructionPath)
    {
        NpyArray<float> data = Matrix(dataPath), texts = Matrix(textsPath ?? throw new UserException("--data FILE.npy needs --texts FILE.npy, the representations of the texts."));
        int width = data.Shape[1];
        if (texts.Shape[1] != width)
            throw new UserException($"{textsPath} has rows of {texts.Shape[1]} floats, but {dataPath} has rows of {width}: they belong to different models.");
        SpanStatistics statistics = new(width);
        for (int i = 0; i < data.Shape[0]; i++)
            statistics.Add(data.Data.AsSpan(i * width, width));
        TextSpanResult span = TextSpanSearch.Run(statistics, texts.Data, count, rank, SpanRule.GivenRank);
        if (reconstructionPath != null)
        {
            float[] rebuilt = (float[])data.Data.Clone();
            for (int i = 0; i < data.Shape[0]; i++)
                span.Reconstruct(rebuilt.AsSpan(i * width, width));
            NpyFile.Write<float>(reconstructionPath, rebuilt, data.Shape[0], width);
        }
        TextWriter print = json.Text(result);
        for (int i = 0; i < span.Indices.Length; i++)
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {span.ExplainedVariance[i],7:0.0000}  text {span.Indices[i]}"));
        json.Write(result, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumbers("indices", span.Indices);
            WriteDoubles(writer, "explainedVariance", span.ExplainedVariance);
            writer.WriteNumber("rank", span.Rank);
            writer.WriteEndObject();
        });
    }

    static void RunReference(ParseResult result, JsonOutput json, string folder, int count, int rank, int lastLayers)
    {
        using ReferenceArrays set = ReferenceArrays.Open(folder);
        string textsPath = ReferenceArrays.Find(folder, "texts") ?? throw new UserException($"{folder} has no texts.npy [texts, {set.EmbedWidth}].");
        NpyArray<float> texts = Matrix(textsPath);
        if (texts.Shape[1] != set.EmbedWidth)
            throw new UserException($"{textsPath} has rows of {texts.Shape[1]} floats, but the effects have {set.EmbedWidth}: they belong to different models.");
        LinearClassifier classifier = new(ReferenceArrays.ReadClassifier(folder, set.EmbedWidth), set.EmbedWidth);
        Dictionary<ComponentLabel, TextSpanResult> spans = Spans(set, texts.Data, count, rank, lastLayers, SpanRule.GivenRank);
        (double baseline, double accuracy) = Accuracy(set, classifier, spans, count, lastLayers);
        TextWriter print = json.Text(result);
        print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy {baseline:0.00} %; with the last {lastLayers} layers' heads replaced by {count} texts each and earlier ones by their means {accuracy:0.00} %"));
        foreach ((ComponentLabel head, TextSpanResult span) in spans)
            print.WriteLine($"  {head,-8}{string.Join(' ', span.Indices)}");
        json.Write(result, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("baseline", baseline);
            writer.WriteNumber("accuracy", accuracy);
            writer.WriteStartObject("heads");
            foreach ((ComponentLabel head, TextSpanResult span) in spans)
            {
                writer.WriteStartObject(head.ToString());
                writer.WriteNumbers("indices", span.Indices);
                WriteDoubles(writer, "explainedVariance", span.ExplainedVariance);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    /// <summary>Spans from a store's statistics; accuracies too where it holds the images' effects and labels.</summary>
    static void RunStore(ParseResult result, JsonOutput json, ModelArguments arguments, PlotOutput plot, string folder, Settings settings)
    {
        StoreStatistics store = EffectStore.OpenStatistics(folder);
        using ClipModel model = arguments.Load(result);
        EncodeCommand.Require(model, needsVocabulary: true);
        if (model.Checkpoint.Sha256 != store.Identity.Sha256)
            throw new UserException($"{folder} was made by another model ({store.Identity.Name}): name it with --model.");
        Dictionary<ComponentLabel, TextSpanResult> Spanned(float[] texts, int lastLayers)
        {
            Dictionary<ComponentLabel, TextSpanResult> spans = [];
            int first = Math.Max(store.FirstHeadLayer, store.LayerCount - lastLayers);
            using Progress progress = new("spanning", "heads", (store.LayerCount - first) * store.HeadCount);
            for (int layer = first; layer < store.LayerCount; layer++)
                foreach ((ComponentLabel head, HeadStatistics of) in store.ReadStatistics([.. Enumerable.Range(0, store.HeadCount).Select(head => ComponentLabel.OfHead(layer, head))]))
                {
                    spans[head] = TextSpanSearch.Run(of.Statistics, of.Basis, texts, settings.Count, settings.Rank);
                    progress.Report(spans.Count);
                }
            return spans;
        }
        using EffectInput? input = !store.IsStatisticsOnly && HasLabels(folder) ? EffectArguments.OpenStore(folder, result, arguments, model, birds: false) : null;
        RunPool(result, json, arguments, plot, folder, model, input, Spanned, settings.LastLayers, settings);
    }

    static bool HasLabels(string folder)
    {
        using EffectStore store = EffectStore.Open(folder);
        return store.Labels != null;
    }

    static void PrintHeads(TextWriter print, Dictionary<ComponentLabel, TextSpanResult> spans, TextPool pool)
    {
        foreach ((ComponentLabel head, TextSpanResult span) in spans)
        {
            print.WriteLine($"{head} (rank {span.Rank})");
            for (int i = 0; i < Math.Min(5, span.Indices.Length); i++)
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {span.ExplainedVariance[i],7:0.000}  {pool.Texts[span.Indices[i]]}"));
        }
    }

    static void WriteHeads(Utf8JsonWriter writer, Dictionary<ComponentLabel, TextSpanResult> spans, TextPool pool)
    {
        writer.WriteStartObject("heads");
        foreach ((ComponentLabel head, TextSpanResult span) in spans)
        {
            writer.WriteStartObject(head.ToString());
            writer.WriteNumber("rank", span.Rank);
            writer.WriteNumbers("indices", span.Indices);
            writer.WriteStrings("texts", span.Indices.Select(index => pool.Texts[index]));
            WriteDoubles(writer, "explainedVariance", span.ExplainedVariance);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    static void RunModel(ParseResult result, JsonOutput json, ModelArguments arguments, PlotOutput plot, string? data, Settings settings)
    {
        using EffectInput input = EffectArguments.Open(result, arguments, data, classAttention: false, birds: false);
        RunPool(
            result, json, arguments, plot, input.Name, input.Model!, input,
            (texts, layers) => Spans(input.Effects, texts, settings.Count, settings.Rank, layers, SpanRule.NumericalRank), input.Effects.LayerCount, settings);
    }

    /// <summary>What the user asked for.</summary>
    /// <param name="PoolPath">The pool; null for the built-in model's.</param>
    /// <param name="CommonPath">The pool of common words; null for those of the vocabulary.</param>
    /// <param name="Count">Texts of a head.</param>
    /// <param name="Rank">Directions of a head, at most.</param>
    /// <param name="LastLayers">Layers whose heads are replaced.</param>
    /// <param name="Counts">Numbers of texts to give accuracies for.</param>
    /// <param name="Draws">Draws of random directions.</param>
    sealed record Settings(string? PoolPath, string? CommonPath, int Count, int Rank, int LastLayers, int[] Counts, int Draws);

    static void RunPool(
        ParseResult result, JsonOutput json, ModelArguments arguments, PlotOutput plot, string name, ClipModel model, EffectInput? input,
        Func<float[], int, Dictionary<ComponentLabel, TextSpanResult>> spanned, int shownLayers, Settings settings)
    {
        TextPool pool = settings.PoolPath != null ? TextPool.Load(settings.PoolPath) : arguments.Path(result) == null ? TextPool.Demo()
            : throw new UserException("--texts names no pool: give a text file, such as weights/pools/general.tsv.");
        float[] texts = pool.Encode(model);
        Dictionary<ComponentLabel, TextSpanResult> spans = spanned(texts, shownLayers);
        TextWriter print = json.Text(result);
        PrintHeads(print, spans, pool);
        List<Accuracies> curve = [];
        double baseline = 0;
        TextPool words = settings.CommonPath != null ? TextPool.Load(settings.CommonPath) : TextPool.Common(model.Tokenizer!, pool.Texts.Length);
        if (input?.Effects.Labels != null)
        {
            EffectSet set = input.Effects;
            int lastLayers = Math.Min(settings.LastLayers, set.LayerCount);
            Dictionary<ComponentLabel, TextSpanResult> late = Late(spans, set, lastLayers), common = spanned(words.Encode(model), lastLayers);
            Dictionary<ComponentLabel, TextSpanResult>[] random = [.. Enumerable.Range(1, settings.Draws).Select(seed => spanned(RandomPool.Like(texts, set.EmbedWidth, seed), lastLayers))];
            foreach (int m in settings.Counts)
            {
                (baseline, double accuracy) = Accuracy(set, input.Classifier, late, m, lastLayers);
                curve.Add(new Accuracies(
                    m, accuracy, Accuracy(set, input.Classifier, common, m, lastLayers).Accuracy,
                    [.. random.Select(drawn => Accuracy(set, input.Classifier, drawn, m, lastLayers).Accuracy)]));
            }
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy {baseline:0.0} %; with the heads of the last {lastLayers} layers replaced by their first texts, and earlier ones by their means:"));
            foreach ((int m, double accuracy, double ofWords, double[] drawn) in curve)
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {m,3} texts {accuracy,6:0.0} %   common words {ofWords,6:0.0}   random directions {string.Join(' ', drawn.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)))}"));
            plot.Write(result, () => Draw(curve, baseline, input, lastLayers));
        }
        json.Write(result, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("data", name);
            writer.WriteString("pool", pool.Name);
            writer.WriteString("commonWords", words.Name);
            writer.WriteNumber("commonWordCount", words.Texts.Length);
            writer.WriteNumber("baseline", baseline);
            writer.WriteStartArray("accuracies");
            foreach ((int m, double accuracy, double ofWords, double[] drawn) in curve)
            {
                writer.WriteStartObject();
                writer.WriteNumber("count", m);
                writer.WriteNumber("accuracy", accuracy);
                writer.WriteNumber("commonWords", ofWords);
                WriteDoubles(writer, "random", drawn);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            WriteHeads(writer, spans, pool);
            writer.WriteEndObject();
        });
    }

    /// <summary>Accuracies in percent with heads replaced by as many texts of the pool, common words, and random directions of each draw.</summary>
    sealed record Accuracies(int Count, double Texts, double CommonWords, double[] Random);

    static Plot Draw(List<Accuracies> curve, double baseline, EffectInput input, int lastLayers)
    {
        (int count, double texts, _, _) = curve[^1];
        Plot plot = new(
            string.Create(CultureInfo.InvariantCulture, $"{count} texts a head keep {texts:0.0} of {baseline:0.0} points"),
            $"accuracy in percent, heads of the last {lastLayers} layers replaced by their texts; grey: random directions", "texts of a head", (0, count), (0, 100));
        plot.VerticalAxis(0, 20, 40, 60, 80, 100);
        plot.HorizontalAxis(curve.Select(point => ((double)point.Count, point.Count.ToString(CultureInfo.InvariantCulture))));
        plot.Level(baseline, "nothing replaced");
        plot.Level(100.0 / input.Classifier.ClassCount, "chance");
        plot.Curve([.. curve.Select(point => ((double)point.Count, point.Texts))], "texts");
        plot.Curve([.. curve.Select(point => ((double)point.Count, point.CommonWords))], "common words", 1);
        foreach ((int m, _, _, double[] random) in curve)
            foreach (double value in random)
                plot.Dot(m, value, 2);
        return plot;
    }

    /// <summary>The spans of the heads of the last layers.</summary>
    public static Dictionary<ComponentLabel, TextSpanResult> Spans(EffectSet set, float[] texts, int count, int rank, int lastLayers, SpanRule rule)
    {
        Dictionary<ComponentLabel, SpanStatistics> statistics = TextReplacement.Collect(set, lastLayers);
        Dictionary<ComponentLabel, TextSpanResult> spans = [];
        using Progress progress = new("spanning", "heads", statistics.Count);
        foreach ((ComponentLabel head, SpanStatistics of) in statistics)
        {
            spans[head] = TextSpanSearch.Run(of, texts, count, rank, rule);
            progress.Report(spans.Count);
        }
        return spans;
    }

    /// <summary>The spans of the last layers alone.</summary>
    public static Dictionary<ComponentLabel, TextSpanResult> Late(Dictionary<ComponentLabel, TextSpanResult> spans, EffectSet set, int lastLayers) =>
        spans.Where(pair => pair.Key.Layer >= set.LayerCount - lastLayers).ToDictionary(pair => pair.Key, pair => pair.Value);

    /// <summary>Accuracy in percent before and after the heads of the last layers are replaced by what their first texts say, and earlier ones by their means.</summary>
    public static (double Baseline, double Accuracy) Accuracy(
        EffectSet set, LinearClassifier classifier, Dictionary<ComponentLabel, TextSpanResult> spans, int texts, int lastLayers)
    {
        EffectMeans means = EffectMeans.Of(set);
        ComponentLabel[] early = [.. ComponentLabel.All(set.LayerCount, set.HeadCount).Where(label => label.Kind == ComponentKind.Head && label.Layer < set.LayerCount - lastLayers)];
        using ReplacedEffects replaced = new(set, spans, texts) { Labels = set.Labels };
        return (MeanAblation.Percent(MeanAblation.Evaluate(set, classifier, means, [])), MeanAblation.Percent(MeanAblation.Evaluate(replaced, classifier, means, early)));
    }

    static NpyArray<float> Matrix(string path)
    {
        NpyArray<float> array = NpyFile.ReadSingle(path);
        return array.Shape.Length == 2 && array.Data.Length > 0 ? array
            : throw new UserException($"{path} has the shape [{string.Join(", ", array.Shape)}], but a matrix [rows, width] with at least one row is needed.");
    }

    static int AtLeastOne(string option, int value) => value >= 1 ? value : throw new UserException($"{option} {value} must be at least 1.");

    static int[] Numbers(string? list, int most)
    {
        if (list == null)
            return [.. ((int[])[1, 2, 5, 10, 20, 30, 40, 50, 60]).Where(value => value < most), most];
        return [.. list.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 ? value
            : throw new UserException($"--accuracy-at '{text}' is no number of texts: write numbers with commas, such as 5,10,20."))];
    }

    /// <summary>An array of doubles.</summary>
    public static void WriteDoubles(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}

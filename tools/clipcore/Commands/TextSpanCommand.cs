using System.CommandLine;
using System.Globalization;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Report;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Npy;
using ClipCore.Numerics;
using ClipCore.Reports.Plots;
using ClipCore.TextSpan;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore textspan</c>: which texts span what a head says.</summary>
static class TextSpanCommand
{
    const int PaperRank = 80, PaperCount = 20, PaperLayers = 4, Shown = 5;

    public static Command Create()
    {
        Command command = new(
            "textspan", "TEXTSPAN: the texts that explain most of each head's outputs, and the accuracy with heads replaced by what their texts say.");
        EffectArguments effects = new(command);
        PoolArguments pool = new(command);
        Option<int> count = new("--count") { Description = "Texts of a head (default 20).", HelpName = "M", DefaultValueFactory = _ => PaperCount };
        Option<int> rank = new("--rank")
        {
            Description = "Directions of a head's span, at most (default 80, as the paper's code).",
            HelpName = "R",
            DefaultValueFactory = _ => PaperRank,
        };
        Option<int> last = new("--last-layers")
        {
            Description = "For accuracies: layers whose heads are replaced; earlier ones are replaced by their means (default 4).",
            HelpName = "N",
            DefaultValueFactory = _ => PaperLayers,
        };
        Option<string?> reconstruction = new("--reconstruction")
        {
            Description = "With --data FILE.npy, one head's outputs: write their reconstruction [n, e].",
            HelpName = "FILE.npy",
        };
        Option<string?> counts = new("--accuracy-at")
        {
            Description = "Accuracies for these numbers of texts (default 1,2,5,10,20 … up to --count).",
            HelpName = "LIST",
        };
        Option<string?> common = new("--common")
        {
            Description = "A pool of common words to compare with (default: the commonest of the model's vocabulary, as many as the pool has texts).",
            HelpName = "FILE",
        };
        Option<int> seeds = new("--random-draws")
        {
            Description = "Draws of random directions to compare with (default 3).",
            HelpName = "N",
            DefaultValueFactory = _ => 3,
        };
        foreach (Option option in (Option[])[count, rank, last, reconstruction, counts, common, seeds])
            command.Options.Add(option);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            Settings settings = new(
                Given.AtLeastOne("--count", result.GetValue(count)), Given.AtLeastOne("--rank", result.GetValue(rank)),
                Given.AtLeastOne("--last-layers", result.GetValue(last)),
                Numbers(result.GetValue(counts), result.GetValue(count)), [.. Enumerable.Range(1, Math.Max(0, result.GetValue(seeds)))]);
            if (effects.Source(result) is { } data && data.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
                return RunArray(result, json, data, pool.Path(result), settings, result.GetValue(reconstruction), cancellation);
            if (result.GetValue(reconstruction) != null)
                throw new UserException("--reconstruction needs one head's outputs: --data FILE.npy.");
            if (effects.Arrays(result) is { } folder)
                return RunReference(result, json, folder, settings, cancellation);
            return RunPool(result, json, model, plot, effects, pool, result.GetValue(common), settings, cancellation);
        });
        return command;
    }

    /// <summary>What the user asked for.</summary>
    /// <param name="Count">Texts of a head.</param>
    /// <param name="Rank">Directions of a head, at most.</param>
    /// <param name="LastLayers">Layers whose heads are replaced.</param>
    /// <param name="Counts">Numbers of texts to give accuracies for.</param>
    /// <param name="Seeds">Seeds of random directions.</param>
    sealed record Settings(int Count, int Rank, int LastLayers, int[] Counts, int[] Seeds);

    static int RunArray(
        ParseResult result, JsonOutput json, string dataPath, string? textsPath, Settings settings, string? reconstructionPath, CancellationToken cancellation)
    {
        NpyArray<float> data = Matrix(dataPath),
            texts = Matrix(textsPath ?? throw new UserException("--data FILE.npy needs --pool FILE.npy, the representations of the texts."));
        int width = data.Shape[1];
        if (texts.Shape[1] != width)
            throw new UserException($"{textsPath} has rows of {texts.Shape[1]} floats, but {dataPath} has rows of {width}: they belong to different models.");
        SpanStatistics statistics = new(width);
        for (int i = 0; i < data.Shape[0]; i++)
            statistics.Add(data.Data.AsSpan(i * width, width));
        cancellation.ThrowIfCancellationRequested();
        TextSpanResult span = TextSpanSearch.Run(statistics, texts.Data, settings.Count, settings.Rank, SpanRule.GivenRank);
        if (reconstructionPath != null)
        {
            float[] rebuilt = (float[])data.Data.Clone();
            for (int i = 0; i < data.Shape[0]; i++)
                span.Reconstruct(rebuilt.AsSpan(i * width, width));
            NpyFile.Write<float>(Given.Path("--reconstruction", reconstructionPath), rebuilt, data.Shape[0], width);
        }
        TextWriter print = json.Text(result);
        for (int i = 0; i < span.Indices.Length; i++)
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {span.ExplainedVariance[i],7:0.0000}  text {span.Indices[i]}"));
        if (span.Indices.Length < settings.Count)
            print.WriteLine($"{span.Indices.Length} texts explain all that is more than rounding noise");
        TextSpanResults results = new(
            textsPath, null, [], [], null, "one head's outputs; the given rank, whatever the data holds", null, settings.Rank, null, null, [], null, null, [],
            null, span.Indices, span.ExplainedVariance, span.ExplainedOfSpan, span.Rank, reconstructionPath == null ? [] : [reconstructionPath], []);
        json.Write(result, null, dataPath, results, ResultsContext.Default.EnvelopeTextSpanResults);
        return ExitCode.Done;
    }

    static int RunReference(ParseResult result, JsonOutput json, string folder, Settings settings, CancellationToken cancellation)
    {
        using ReferenceArrays set = ReferenceArrays.Open(folder);
        float[] texts = ReferenceArrays.ReadTexts(folder, set.EmbedWidth);
        LinearClassifier classifier = new(ReferenceArrays.ReadClassifier(folder, set.EmbedWidth), set.EmbedWidth);
        TextSpanOptions options = new() { Count = settings.Count, Rank = settings.Rank, LastLayers = settings.LastLayers, Rule = SpanRule.GivenRank };
        IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans = TextSpanExperiment.Spans(set, texts, options, null, cancellation);
        (double baseline, IReadOnlyList<double> accuracies) = TextSpanExperiment.Accuracy(set, classifier, spans, [settings.Count], null, cancellation);
        TextWriter print = json.Text(result);
        print.WriteLine($"accuracy {Shares.Two(baseline)} %; with the last {settings.LastLayers} layers' heads replaced by {settings.Count} texts each and "
            + $"earlier ones by their means {Shares.Two(accuracies[0])} %");
        foreach ((ComponentLabel head, TextSpanResult span) in spans)
            print.WriteLine($"  {head,-8}{string.Join(' ', span.Indices)}");
        TextSpanResults results = new(
            ReferenceArrays.Find(folder, "texts"), null, [.. classifier.Names], [], "classifier.npy", "the paper's replacement script on its own arrays",
            settings.LastLayers,
            settings.Rank, baseline, accuracies[0], [], null, null, [], Heads(spans, index => $"text {index}"), null, null, null, null, [], []);
        json.Write(result, null, folder, results, ResultsContext.Default.EnvelopeTextSpanResults);
        return ExitCode.Done;
    }

    static int RunPool(
        ParseResult result, JsonOutput json, ModelArguments arguments, PlotOutput plot, EffectArguments effects, PoolArguments poolArguments,
        string? commonPath, Settings settings, CancellationToken cancellation)
    {
        using EffectInput input = effects.OpenForSpans(result, arguments, DemoData.Scenes, cancellation);
        ClipModel model = input.Model!;
        Encoders.RequireTexts(model);
        TextPool pool = poolArguments.Read(result, arguments.Path(result) == null);
        TextPool words = commonPath != null ? TextPool.Load(Given.Path("--common", commonPath)) : TextPool.CommonWords(model.Tokenizer!, pool.Count);
        float[] texts;
        using (Progress progress = new("encoding the pool", "texts", pool.Count))
            texts = pool.Encode(model, progress, cancellation);
        EffectSet set = input.Effects;
        TextSpanOptions options = new() { Count = settings.Count, Rank = settings.Rank, LastLayers = set.LayerCount - set.FirstHeadLayer };
        IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans;
        using (Progress progress = new("spanning", "heads", options.LastLayers * set.HeadCount))
            spans = TextSpanExperiment.Spans(set, texts, options, progress, cancellation);
        TextWriter print = json.Text(result);
        foreach ((ComponentLabel head, TextSpanResult span) in spans)
        {
            print.WriteLine($"{head} (rank {span.Rank})");
            for (int i = 0; i < Math.Min(Shown, span.Indices.Length); i++)
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {span.ExplainedVariance[i],7:0.000}  {pool.Texts[span.Indices[i]]}"));
        }
        TextSpanAccuracies? curve = null;
        int lastLayers = Math.Min(settings.LastLayers, options.LastLayers);
        if (set.Labels != null && input.Classifier is { } classifier)
        {
            TextSpanPools pools = new(texts, words.Encode(model, null, cancellation), settings.Seeds);
            using (Progress progress = new("judging", "images", set.ImageCount))
                curve = TextSpanExperiment.Accuracies(
                    set, classifier, pools, settings.Counts, options with { LastLayers = lastLayers }, progress, cancellation);
            Judged.Print(print, input);
            print.WriteLine($"accuracy {Shares.One(curve.Baseline)} %; with the heads of the last {lastLayers} layers replaced by their first texts, and "
                + "earlier ones by their means:");
            foreach (TextSpanAccuracy point in curve.Points)
                print.WriteLine($"  {point.Count,3} texts {Shares.One(point.Texts),6} %   common words {Shares.One(point.CommonWords),6}   random directions "
                    + $"{string.Join(' ', point.Random.Select(share => Shares.One(share)))}");
            plot.Write(result, () => TextSpanPlot.Draw(
                curve.Baseline, [.. curve.Points.Select(point => new TextSpanPoint(point.Count, point.Texts, point.CommonWords ?? 0, point.Random))],
                classifier.ClassCount, lastLayers));
        }
        TextSpanResults results = new(
            pool.Name, pool.Sha256(), input.ClassNames, input.Templates, input.ClassesFrom,
            "heads of the last layers replaced by their first texts, earlier heads by their means; MLPs kept", curve == null ? null : lastLayers, settings.Rank,
            curve?.Baseline, null, [.. curve?.Points.Select(point => new SpanAccuracy(point.Count, point.Texts, point.CommonWords, [.. point.Random])) ?? []],
            words.Name, words.Count, settings.Seeds, Heads(spans, index => pool.Texts[index]), null, null, null, null, [], [.. input.Skipped]);
        json.Write(result, input.Identity, input.Name, results, ResultsContext.Default.EnvelopeTextSpanResults);
        return input.Code;
    }

    static Dictionary<string, HeadSpan> Heads(IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans, Func<int, string> text) => spans.ToDictionary(
        pair => pair.Key.ToString(),
        pair => new HeadSpan(
            pair.Value.Rank, pair.Value.Indices, [.. pair.Value.Indices.Select(text)], pair.Value.ExplainedVariance, pair.Value.ExplainedOfSpan));

    static NpyArray<float> Matrix(string path)
    {
        NpyArray<float> array = NpyFile.ReadSingle(path);
        return array.Shape.Length == 2 && array.Data.Length > 0 ? array
            : throw new UserException($"{path} has the shape [{string.Join(", ", array.Shape)}], but a matrix [rows, width] with at least one row is needed.");
    }

    static int[] Numbers(string? list, int most)
    {
        if (list == null)
            return [.. ((int[])[1, 2, 5, 10, 20, 30, 40, 50, 60]).Where(value => value < most), most];
        return [.. list.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 ? value
            : throw new UserException($"--accuracy-at '{text}' is no number of texts: write numbers with commas, such as 5,10,20."))];
    }
}

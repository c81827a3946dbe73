using System.CommandLine;
using System.Globalization;
using ClipCore.Ablation;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Report;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Numerics;
using ClipCore.Reports.Plots;
using ClipCore.TextSpan;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore spurious</c>: accuracy by group before and after heads that carry a spurious cue are replaced by their means.</summary>
static class SpuriousCommand
{
    const int RuleTexts = 5, RuleRank = 32;

    public static Command Create()
    {
        Command command = new(
            "spurious", "Worst-group accuracy before and after replacing the heads of a spurious cue (Waterbirds), beside random choices of as many.");
        EffectArguments effects = new(command);
        Option<string?> heads = new("--heads") { Description = "The heads to replace, such as L10.H11,L11.H6.", HelpName = "LIST" };
        Option<string?> keywords = new("--keywords")
        {
            Description = "Choose the heads of whose first five texts at least --least hold one of these words.",
            HelpName = "LIST",
        };
        Option<int> least = new("--least")
        {
            Description = "How many of the first five texts a keyword must meet (default 5).",
            HelpName = "N",
            DefaultValueFactory = _ => RuleTexts,
        };
        Option<int?> contrast = new("--contrast")
        {
            Description = "Choose the N heads that speak most for the attribute and least for the class, on the validation split or else on half of each "
                + "group.",
            HelpName = "N",
        };
        Option<string?> protocol = Choice.Of(
            "--protocol", "plain: the heads alone (default); reference: also all MLPs and all but the last four attention layers.", ["plain", "reference"]);
        Option<string?> also = new("--also") { Description = "Components to replace besides, such as *.MLP or L0.*.", HelpName = "LIST" };
        foreach (Option option in (Option[])[heads, keywords, least, contrast, protocol, also])
            command.Options.Add(option);
        PoolArguments pool = new(command);
        Option<int> draws = new("--random-draws")
        {
            Description = "Random choices of as many heads to compare with (default 5).",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };
        command.Options.Add(draws);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            if (new[] { result.GetValue(heads) != null, result.GetValue(keywords) != null, result.GetValue(contrast) != null }.Count(given => given) > 1)
                throw new UserException("--heads, --keywords and --contrast are three ways to choose: take one.");
            using EffectInput input = effects.Open(result, model, DemoData.Waterbirds, Judging.Named, cancellation);
            if (input.Effects.Labels == null || input.Effects.Attributes == null)
                throw new UserException($"{input.Name} has no groups: labels.npy [n, 2], or a metadata.csv with class and place, is needed.");
            LinearClassifier classifier = input.RequireClasses();
            DataSplits splits = result.GetValue(contrast) != null ? DataSplits.ToChooseAndJudge(input.Effects) : DataSplits.ToJudge(input.Effects);
            (IReadOnlyList<ComponentLabel> chosen, string how) = result.GetValue(heads) is { } list
                ? (ComponentArguments.Read("--heads", list, splits.Judged), "as given")
                : result.GetValue(contrast) is { } count ? (ByContrast(splits.Validation!, classifier, count, cancellation), "by contrast")
                : ByKeywords(result, model, effects, input, pool, result.GetValue(keywords), result.GetValue(least), cancellation);
            SpuriousOptions options = new()
            {
                Protocol = result.GetValue(protocol) == "reference" ? SpuriousProtocol.Reference : SpuriousProtocol.Plain,
                Besides = result.GetValue(also) is { } more ? ComponentArguments.Read("--also", more, splits.Judged) : [],
                Seeds = [.. Enumerable.Range(1, Math.Max(0, result.GetValue(draws)))],
            };
            SpuriousResult found;
            using (Progress progress = new("judging", "images", splits.Judged.ImageCount))
                found = SpuriousExperiment.Run(splits, classifier, [.. chosen], options, progress, cancellation);
            Print(json.Text(result), input, found);
            plot.Write(result, () => SpuriousPlot.Draw(
                found.Heads, found.Baseline.Worst, found.Replaced.Worst, [.. found.Random.Select(draw => draw.Accuracy.Worst)]));
            SpuriousResults results = new(
                splits.Judged.ImageCount, input.ClassNames, input.Templates, input.ClassesFrom, options.Protocol.ToString().ToLowerInvariant(),
                splits.ToString(), how, Labels(found.Heads), Labels(found.Besides), Groups(found.Baseline), Groups(found.Replaced),
                [.. found.Random.Select(draw => new RandomHeadsResults(draw.Seed, Labels(draw.Heads), Groups(draw.Accuracy)))], [.. input.Skipped]);
            json.Write(result, input.Identity, input.Name, results, ResultsContext.Default.EnvelopeSpuriousResults);
            return input.Code;
        });
        return command;
    }

    static IReadOnlyList<ComponentLabel> ByContrast(EffectSet validation, LinearClassifier classifier, int count, CancellationToken cancellation)
    {
        Given.Within("--contrast", count, 1, (validation.LayerCount - validation.FirstHeadLayer) * validation.HeadCount);
        return HeadChoice.ByContrast(validation, classifier, count, null, cancellation);
    }

    /// <summary>
    /// The heads whose texts speak of the cue: for the built-in model the phrases of its backgrounds, over its scenes; else the given words, over the given
    /// data.
    /// </summary>
    static (IReadOnlyList<ComponentLabel> Heads, string How) ByKeywords(
        ParseResult result, ModelArguments arguments, EffectArguments effects, EffectInput input, PoolArguments poolArguments, string? keywords, int least,
        CancellationToken cancellation)
    {
        if (input.Model is not { } model)
            throw new UserException("arrays have no texts to choose heads by: name them with --heads, or use --contrast.");
        Given.Within("--least", least, 1, RuleTexts);
        bool isDemo = arguments.Path(result) == null;
        string[] words = keywords?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? (isDemo ? DemoModel.BackgroundWords() : throw new UserException("choose heads with --heads, --keywords or --contrast."));
        if (words.Length == 0)
            throw new UserException("--keywords is empty: write words with commas.");
        TextPool pool = poolArguments.Read(result, isDemo);
        Encoders.RequireTexts(model);
        float[] texts = pool.Encode(model, null, cancellation);
        EffectSet scenes = input.Effects;
        if (isDemo && keywords == null && DemoData.Find("data/scenes") != null)
            scenes = EffectStore.Compute(model, DemoData.Scenes(), out _, null, null, cancellation);
        TextSpanOptions options = new() { Count = RuleTexts, Rank = RuleRank, LastLayers = scenes.LayerCount - scenes.FirstHeadLayer };
        IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans = TextSpanExperiment.Spans(scenes, texts, options, null, cancellation);
        if (scenes != input.Effects)
            scenes.Dispose();
        IReadOnlyList<ComponentLabel> chosen = HeadChoice.ByKeywords(spans, pool, words, least, RuleTexts);
        return chosen.Count > 0 ? (chosen, $"by keywords in at least {least} of the first {RuleTexts} texts")
            : throw new UserException($"no head has {least} of its first {RuleTexts} texts with one of the keywords: take a smaller --least, or other words.");
    }

    static void Print(TextWriter print, EffectInput input, SpuriousResult found)
    {
        print.WriteLine($"{input.Name}: accuracy in percent by group (class/attribute); {found.Splits}");
        Judged.Print(print, input);
        print.WriteLine("replaced by their means: "
            + $"{string.Join(' ', found.Heads)}{(found.Besides.Count > 0 ? $" and {found.Besides.Count} more components" : "")}");
        string groups = string.Concat(found.Baseline.Groups.Keys.Select(group => $"{group.Class}/{group.Attribute}".PadLeft(8)));
        print.WriteLine($"{"",-12}{groups}{"full",8}{"worst",8}");
        Row(print, "before", found.Baseline);
        Row(print, "after", found.Replaced);
        foreach (SpuriousControl draw in found.Random)
            Row(print, "random", draw.Accuracy, string.Join(' ', draw.Heads));
        if (found.Random.Count > 0)
            print.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"random choices of as many heads: worst group {Shares.One(found.Random.Average(draw => draw.Accuracy.Worst))} in the mean, "
                    + $"{Shares.One(found.Random.Max(draw => draw.Accuracy.Worst))} at best"));
    }

    static void Row(TextWriter print, string name, GroupAccuracy accuracy, string note = "")
    {
        string groups = string.Concat(accuracy.Groups.Values.Select(value => Shares.One(value).PadLeft(8)));
        print.WriteLine($"{name,-12}{groups}{Shares.One(accuracy.Full),8}{Shares.One(accuracy.Worst),8}  {note}".TrimEnd());
    }

    static GroupResults Groups(GroupAccuracy accuracy) => new(
        [.. accuracy.Groups.Select(group => new GroupShare(group.Key.Class, group.Key.Attribute, group.Value))], accuracy.Full, accuracy.Worst);

    static string[] Labels(IReadOnlyList<ComponentLabel> labels) => [.. labels.Select(label => label.ToString())];
}

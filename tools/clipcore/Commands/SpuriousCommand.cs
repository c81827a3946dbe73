using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Ablation;
using ClipCore.Cli.Data;
using ClipCore.Cli.Report.Plots;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Numerics;
using ClipCore.TextSpan;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore spurious</c>: accuracy by group before and after heads that carry a spurious cue are replaced by their means.</summary>
static class SpuriousCommand
{
    const int RuleTexts = 5, RuleRank = 32;

    public static Command Create()
    {
        Command command = new("spurious", "Worst-group accuracy before and after mean-ablating the heads of a spurious cue (Waterbirds), beside random choices of as many heads.");
        EffectArguments effects = new(command);
        Option<string?> heads = new("--heads") { Description = "The heads to replace, such as L10.H11,L11.H6.", HelpName = "LIST" };
        Option<string?> keywords = new("--keywords") { Description = "Choose the heads of whose first five texts at least --least hold one of these words.", HelpName = "LIST" };
        Option<int> least = new("--least") { Description = "How many of the first five texts a keyword must meet (default 5).", HelpName = "N", DefaultValueFactory = _ => RuleTexts };
        Option<int?> contrast = new("--contrast") { Description = "Choose the N heads that speak most for the attribute and least for the class on the validation split; where the data has none, on half of each group, and the other half judges.", HelpName = "N" };
        Option<string> protocol = new("--protocol") { Description = "plain: the heads alone (default); reference: also all MLPs and all but the last four attention layers, as the paper's script.", HelpName = "NAME", DefaultValueFactory = _ => "plain" };
        Option<string?> also = new("--also") { Description = "Components to replace besides, such as *.MLP or L0.*.", HelpName = "LIST" };
        Option<string?> texts = new("--texts") { Description = "The pool for --keywords (default: the built-in model's).", HelpName = "FILE" };
        Option<int> draws = new("--random-draws") { Description = "Random choices of as many heads to compare with (default 5).", HelpName = "N", DefaultValueFactory = _ => 5 };
        foreach (Option option in (Option[])[heads, keywords, least, contrast, protocol, also, texts, draws])
            command.Options.Add(option);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            if (new[] { result.GetValue(heads) != null, result.GetValue(keywords) != null, result.GetValue(contrast) != null }.Count(given => given) > 1)
                throw new UserException("--heads, --keywords and --contrast are three ways to choose: take one.");
            bool isReference = result.GetValue(protocol) switch
            {
                "reference" => true,
                "plain" => false,
                var other => throw new UserException($"--protocol {other} is not known: it may be plain or reference."),
            };
            using EffectInput input = effects.Open(result, model, classAttention: false, birds: true);
            if (input.Effects.Labels == null || input.Effects.Attributes == null)
                throw new UserException($"{input.Name} has no groups: labels.npy [n, 2], or a metadata.csv with class and place, is needed.");
            Splits splits = Splits.Of(input.Effects, input.Splits, chooses: result.GetValue(contrast) != null);
            EffectSet set = splits.Judged;
            ComponentLabel[] chosen = result.GetValue(heads) is { } list ? Labels.Read("--heads", list, set)
                : result.GetValue(contrast) is { } count ? ByContrast(splits.Validation, input, count)
                : ByKeywords(result, model, input, result.GetValue(keywords), result.GetValue(texts), result.GetValue(least));
            ComponentLabel[] besides =
            [
                .. isReference ? SpuriousCue.ReferenceProtocol(set) : [],
                .. result.GetValue(also) is { } more ? Labels.Read("--also", more, set) : [],
            ];

            EffectMeans means = EffectMeans.Of(set);
            GroupAccuracy Evaluate(IEnumerable<ComponentLabel> of) => SpuriousCue.Evaluate(set, input.Classifier, means, [.. of.Concat(besides).Distinct()]);
            GroupAccuracy baseline = SpuriousCue.Evaluate(set, input.Classifier, means, []), replaced = Evaluate(chosen);
            (ComponentLabel[] Heads, GroupAccuracy Accuracy)[] random =
            [
                .. Enumerable.Range(1, Math.Max(0, result.GetValue(draws))).Select(seed => SpuriousCue.RandomHeads(set.LayerCount, set.HeadCount, chosen.Count(label => label.Kind == ComponentKind.Head), seed))
                    .Select(drawn => (drawn, Evaluate(drawn))),
            ];
            Print(json.Text(result), input, splits.Note, chosen, besides.Length, baseline, replaced, random);
            plot.Write(result, () => Draw(chosen, baseline, replaced, random));
            json.Write(result, writer => Write(writer, splits.Note, chosen, besides, baseline, replaced, random));
        });
        return command;
    }

    static ComponentLabel[] ByContrast(EffectSet validation, EffectInput input, int count)
    {
        if (count < 1 || count > validation.LayerCount * validation.HeadCount)
            throw new UserException($"--contrast {count} must lie in 1 … {validation.LayerCount * validation.HeadCount}, the number of heads.");
        return [.. SpuriousCue.Contrast(validation, input.Classifier).OrderByDescending(head => head.Attribute - Math.Abs(head.Class)).Take(count).Select(head => head.Head)];
    }

    /// <summary>The heads whose texts speak of the cue: for the built-in model the phrases of its backgrounds, over its scenes; else the given words, over the given data.</summary>
    static ComponentLabel[] ByKeywords(ParseResult result, ModelArguments arguments, EffectInput input, string? keywords, string? poolPath, int least)
    {
        if (input.Model == null)
            throw new UserException("arrays have no texts to choose heads by: name them with --heads, or use --contrast.");
        string[] words = keywords?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? (arguments.Path(result) == null ? DemoBackgroundWords() : throw new UserException("choose heads with --heads, --keywords or --contrast."));
        TextPool pool = poolPath != null ? TextPool.Load(poolPath) : arguments.Path(result) == null ? TextPool.Demo() : throw new UserException("--keywords needs a pool: --texts FILE.");
        float[] texts = pool.Encode(input.Model);
        EffectSet scenes = input.Effects;
        if (arguments.Path(result) == null && result.GetValue<string?>("--data") == null)
            scenes = ModelEffects.Compute(input.Model, DemoData.Scenes(ClassList.Of(null)!.Names));
        Dictionary<ComponentLabel, TextSpanResult> spans = TextSpanCommand.Spans(scenes, texts, RuleTexts, RuleRank, scenes.LayerCount, SpanRule.NumericalRank);
        ComponentLabel[] chosen =
        [
            .. spans.Where(pair => pair.Value.Indices.Count(index => words.Any(word => pool.Texts[index].Contains(word, StringComparison.OrdinalIgnoreCase))) >= least).Select(pair => pair.Key),
        ];
        return chosen.Length > 0 ? chosen : throw new UserException($"no head has {least} of its first {RuleTexts} texts with one of the keywords: take a smaller --least, or other words.");
    }

    /// <summary>The phrases that stand for backgrounds in the built-in pool.</summary>
    static string[] DemoBackgroundWords()
    {
        using JsonDocument json = JsonDocument.Parse(DemoModel.Read("classes.json"));
        return
        [
            .. json.RootElement.GetProperty("backgrounds").EnumerateObject()
                .SelectMany(background => background.Value.EnumerateObject().SelectMany(kind => kind.Value.EnumerateArray())).Select(phrase => phrase.GetString()!).Append("against").Distinct(),
        ];
    }

    static void Print(
        TextWriter print, EffectInput input, string note, ComponentLabel[] chosen, int besides, GroupAccuracy baseline, GroupAccuracy replaced, (ComponentLabel[] Heads, GroupAccuracy Accuracy)[] random)
    {
        print.WriteLine($"{input.Name}: accuracy in percent by group (class/attribute)");
        if (note.Length > 0)
            print.WriteLine(note);
        print.WriteLine($"replaced by their means: {string.Join(' ', chosen)}{(besides > 0 ? $" and {besides} more components" : "")}");
        print.WriteLine($"{"",-12}{string.Concat(baseline.Groups.Keys.Select(group => $"{group.Class}/{group.Attribute}".PadLeft(8)))}{"full",8}{"worst",8}");
        Row(print, "before", baseline);
        Row(print, "after", replaced);
        foreach ((ComponentLabel[] heads, GroupAccuracy accuracy) in random)
            Row(print, "random", accuracy, string.Join(' ', heads));
        if (random.Length > 0)
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"random choices of as many heads: worst group {random.Average(draw => draw.Accuracy.Worst):0.0} in the mean, {random.Max(draw => draw.Accuracy.Worst):0.0} at best"));
    }

    static void Row(TextWriter print, string name, GroupAccuracy accuracy, string note = "") => print.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-12}{string.Concat(accuracy.Groups.Values.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(8)))}{accuracy.Full,8:0.0}{accuracy.Worst,8:0.0}  {note}").TrimEnd());

    /// <summary>Bars before and after, and the random choices as dots.</summary>
    public static Plot Draw(ComponentLabel[] chosen, GroupAccuracy baseline, GroupAccuracy replaced, (ComponentLabel[] Heads, GroupAccuracy Accuracy)[] random)
    {
        Plot plot = new(
            string.Create(CultureInfo.InvariantCulture, $"Replacing {(chosen.Length == 1 ? chosen[0].ToString() : $"{chosen.Length} heads")} takes the worst group from {baseline.Worst:0.0} to {replaced.Worst:0.0}"),
            "accuracy of the worst group in percent; dots: random choices of as many heads", "", (0, 4), (0, 100));
        plot.VerticalAxis(0, 25, 50, 75, 100);
        plot.HorizontalAxis([(1, "before"), (2, "after"), (3, "random")]);
        plot.Bar(1, 0.6, baseline.Worst, 2);
        plot.Bar(2, 0.6, replaced.Worst);
        foreach ((_, GroupAccuracy accuracy) in random)
            plot.Dot(3, accuracy.Worst, 1);
        return plot;
    }

    static void Write(
        Utf8JsonWriter json, string note, ComponentLabel[] chosen, ComponentLabel[] besides, GroupAccuracy baseline, GroupAccuracy replaced, (ComponentLabel[] Heads, GroupAccuracy Accuracy)[] random)
    {
        json.WriteStartObject();
        json.WriteString("split", note);
        json.WriteStrings("heads", chosen.Select(label => label.ToString()));
        json.WriteStrings("alsoReplaced", besides.Select(label => label.ToString()));
        WriteGroups(json, "baseline", baseline);
        WriteGroups(json, "replaced", replaced);
        json.WriteStartArray("random");
        foreach ((ComponentLabel[] heads, GroupAccuracy accuracy) in random)
        {
            json.WriteStartObject();
            json.WriteStrings("heads", heads.Select(label => label.ToString()));
            WriteGroups(json, "replaced", accuracy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteGroups(Utf8JsonWriter json, string name, GroupAccuracy accuracy)
    {
        json.WriteStartObject(name);
        foreach (((int label, int attribute), double value) in accuracy.Groups)
            json.WriteNumber($"{label}/{attribute}", value);
        json.WriteNumber("full", accuracy.Full);
        json.WriteNumber("worst", accuracy.Worst);
        json.WriteEndObject();
    }
}

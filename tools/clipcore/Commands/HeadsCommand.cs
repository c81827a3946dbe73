using System.CommandLine;
using System.Globalization;
using ClipCore.Atlas;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.EffectSets;
using ClipCore.Reports.Plots;
using ClipCore.TextSpan;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore heads</c>: the atlas of a model's heads.</summary>
static class HeadsCommand
{
    const int ClassesShown = 5, TextsShown = 5;

    public static Command Create()
    {
        Command command = new(
            "heads", "The atlas: every head's texts with explained variance, the classes it speaks for, its top and bottom images, a suggested label.");
        EffectArguments effects = new(command);
        PoolArguments pool = new(command);
        Option<int> count = new("--count") { Description = "Texts of a head (default 10).", HelpName = "M", DefaultValueFactory = _ => 10 };
        Option<int> rank = new("--rank") { Description = "Directions of a head's span, at most (default 80).", HelpName = "R", DefaultValueFactory = _ => 80 };
        command.Options.Add(count);
        command.Options.Add(rank);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            AtlasOptions options = new()
            {
                Spans = new TextSpanOptions
                {
                    Count = Given.AtLeastOne("--count", result.GetValue(count)),
                    Rank = Given.AtLeastOne("--rank", result.GetValue(rank)),
                    LastLayers = int.MaxValue,
                },
            };
            using EffectInput input = effects.OpenForSpans(result, model, DemoData.Scenes, cancellation);
            if (input.Effects is StoreStatistics)
                options = options with { Images = 0 };
            (TextPool texts, float[] rows) = Texts(result, pool, model, input, cancellation);
            HeadAtlas atlas;
            using (Progress progress = new("reading", "images", input.Effects.ImageCount))
                atlas = HeadAtlas.Build(
                    input.Effects, texts, rows, input.Effects is StoreStatistics ? null : input.Classifier, input.Identity, options, progress, cancellation);
            Print(json.Text(result), atlas);
            plot.Write(result, () => AtlasPlot.Draw(
                [
                    .. atlas.Heads.Select(head => new AtlasPoint(
                        head.Head, head.Texts.Count == 0 ? 0 : head.Texts[^1].ExplainedVariance, head.Texts.Count,
                        head.Label.Length == 0 ? null : head.Label != Atlas.AtlasHead.Mixed)),
                ],
                input.Effects.LayerCount, input.Effects.HeadCount));
            HeadsResults results = new(
                atlas.ImageCount, atlas.PoolName, atlas.PoolSha256, input.ClassNames, input.Templates, input.ClassesFrom,
                atlas.Heads.ToDictionary(head => head.Head.ToString(), head => Entry(head, atlas, input.Effects)), [.. input.Skipped]);
            json.Write(result, input.Identity, input.Name, results, ResultsContext.Default.EnvelopeHeadsResults);
            return input.Code;
        });
        return command;
    }

    static (TextPool Pool, float[] Rows) Texts(
        ParseResult result, PoolArguments arguments, ModelArguments model, EffectInput input, CancellationToken cancellation)
    {
        if (input.Model == null)
        {
            float[] ready = ReferenceArrays.ReadTexts(input.Name, input.Effects.EmbedWidth);
            string[] names = [.. Enumerable.Range(0, ready.Length / input.Effects.EmbedWidth).Select(i => $"text {i}")];
            return (new TextPool(ReferenceArrays.Find(input.Name, "texts")!, names), ready);
        }
        Encoders.RequireTexts(input.Model);
        TextPool pool = arguments.Read(result, model.Path(result) == null);
        using Progress progress = new("encoding the pool", "texts", pool.Count);
        return (pool, pool.Encode(input.Model, progress, cancellation));
    }

    static Results.AtlasHead Entry(Atlas.AtlasHead head, HeadAtlas atlas, EffectSet set)
    {
        int[] order = [.. Enumerable.Range(0, head.MeanEffects.Count).OrderByDescending(c => Math.Abs(head.MeanEffects[c])).ThenBy(c => c).Take(ClassesShown)];
        Dictionary<string, double> classes = [];
        foreach (int c in order)
            classes[atlas.ClassNames[c]] = head.MeanEffects[c];
        return new Results.AtlasHead(
            head.Rank, head.Label.Length == 0 ? null : head.Label, head.Label.Length == 0 ? null : head.Consistency,
            head.Factors.ToDictionary(factor => factor.Name, factor => factor.Share),
            [
                .. head.Texts.Select(text => new AtlasText(
                    text.Text, text.ExplainedVariance, text.ExplainedOfSpan, [.. text.Top.Select(image => Name(set, image.Image))],
                    [.. text.Bottom.Select(image => Name(set, image.Image))])),
            ],
            classes);
    }

    static string Name(EffectSet set, int image) => set.Names is { } names ? Path.GetFileName(names[image]) : image.ToString(CultureInfo.InvariantCulture);

    static void Print(TextWriter print, HeadAtlas atlas)
    {
        foreach (Atlas.AtlasHead head in atlas.Heads)
        {
            print.WriteLine(head.Label.Length == 0 ? head.Head.ToString() : string.Create(
                CultureInfo.InvariantCulture, $"{head.Head}  {head.Label} ({head.Consistency:0%} of what its texts explain is {head.Factors[0].Name})"));
            foreach (HeadText text in head.Texts.Take(TextsShown))
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {text.ExplainedVariance,7:0.000}  {text.Text}"));
        }
    }
}

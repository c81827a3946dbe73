using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Cli.Options;
using ClipCore.Cli.Report.Plots;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Numerics;
using ClipCore.Reports.Plots;
using ClipCore.TextSpan;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore heads</c>: the atlas of a model's heads.</summary>
static class HeadsCommand
{
    const int ImagesShown = 3, ClassesShown = 5, LabelTexts = 10;
    const double LabelShare = 0.4;

    public static Command Create()
    {
        Command command = new("heads", "The atlas: every head's texts with their explained variance, the classes it speaks for on average, top and bottom images of its texts, and a suggested label.");
        EffectArguments effects = new(command);
        Option<string?> texts = new("--texts") { Description = "The pool, best with factors (factor<TAB>text), such as weights/pools/general.tsv.", HelpName = "FILE" };
        Option<int> count = new("--count") { Description = "Texts of a head (default 10).", HelpName = "M", DefaultValueFactory = _ => 10 };
        Option<int> rank = new("--rank") { Description = "Directions of a head's span, at most (default 80).", HelpName = "R", DefaultValueFactory = _ => 80 };
        foreach (Option option in (Option[])[texts, count, rank])
            command.Options.Add(option);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            if (result.GetValue(count) < 1 || result.GetValue(rank) < 1)
                throw new UserException("--count and --rank must be at least 1.");
            using EffectInput input = effects.Open(result, model, classAttention: false);
            TextPool pool = input.Model == null ? TextPool.OfArray(effects.Reference(result)!) : result.GetValue(texts) is { } path ? TextPool.Load(path) : model.Path(result) == null ? TextPool.Demo()
                : throw new UserException("--texts names no pool: give a text file, such as weights/pools/general.tsv.");
            float[] rows = input.Model == null ? ReferenceArrays.ReadTexts(effects.Reference(result)!, input.Effects.EmbedWidth) : pool.Encode(input.Model);
            Dictionary<ComponentLabel, TextSpanResult> spans = TextSpanCommand.Spans(
                input.Effects, rows, result.GetValue(count), result.GetValue(rank), input.Effects.LayerCount, SpanRule.NumericalRank);
            HeadEntry[] atlas = Atlas(input, pool, rows, spans);
            Print(json.Text(result), atlas);
            plot.Write(result, () => Draw(atlas, input.Effects.LayerCount, input.Effects.HeadCount));
            json.Write(result, writer => Write(writer, input, pool, atlas));
        });
        return command;
    }

    /// <summary>What the atlas tells of a head.</summary>
    sealed record HeadEntry(
        ComponentLabel Head, TextSpanResult Span, string[] Texts, (string Factor, double Share)[] Factors, string Label, double Consistency, double[] Classes, int[][] Top, int[][] Bottom);

    static HeadEntry[] Atlas(EffectInput input, TextPool pool, float[] texts, Dictionary<ComponentLabel, TextSpanResult> spans)
    {
        EffectSet set = input.Effects;
        int width = set.EmbedWidth, images = set.ImageCount;
        ComponentLabel[] heads = [.. spans.Keys];
        double[][][] scores = [.. heads.Select(head => spans[head].Indices.Select(_ => new double[images]).ToArray())];
        EffectReader reader = new(set, classAttention: false);
        for (int image = 0; image < images; image++)
        {
            reader.Read(image);
            for (int h = 0; h < heads.Length; h++)
                for (int t = 0; t < scores[h].Length; t++)
                    scores[h][t][image] = Dot(reader.Of(heads[h]), texts.AsSpan(spans[heads[h]].Indices[t] * width, width));
        }
        EffectMeans means = EffectMeans.Of(set);
        HeadEntry[] atlas = new HeadEntry[heads.Length];
        for (int h = 0; h < heads.Length; h++)
        {
            TextSpanResult span = spans[heads[h]];
            (string Factor, double Share)[] factors = Factors(pool, span);
            double[] classes = new double[input.Classifier.ClassCount];
            input.Classifier.Project(means.Of(heads[h]), classes);
            double mean = classes.Average();
            (string label, double share) = factors.Length == 0 ? ("", 0) : (factors[0].Factor, factors[0].Share);
            int[][] order = [.. scores[h].Select(of => Enumerable.Range(0, images).OrderByDescending(image => of[image]).ThenBy(image => image).ToArray())];
            atlas[h] = new HeadEntry(
                heads[h], span, [.. span.Indices.Select(index => pool.Texts[index])], factors, label.Length == 0 ? "" : share >= LabelShare ? label : "mixed", share,
                [.. classes.Select(value => value - mean)], [.. order.Select(of => of.Take(ImagesShown).ToArray())], [.. order.Select(of => of.Reverse().Take(ImagesShown).ToArray())]);
        }
        return atlas;
    }

    /// <summary>Share of the explained variance that the texts of each factor bring, the largest first.</summary>
    static (string Factor, double Share)[] Factors(TextPool pool, TextSpanResult span)
    {
        if (!pool.HasFactors || span.Indices.Length == 0)
            return [];
        Dictionary<string, double> shares = [];
        int texts = Math.Min(LabelTexts, span.Indices.Length);
        for (int i = 0; i < texts; i++)
        {
            string factor = pool.Factors[span.Indices[i]];
            shares[factor] = shares.GetValueOrDefault(factor) + span.ExplainedVariance[i] - (i == 0 ? 0 : span.ExplainedVariance[i - 1]);
        }
        double total = span.ExplainedVariance[texts - 1];
        return [.. shares.Select(pair => (pair.Key, pair.Value / total)).OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
    }

    static void Print(TextWriter print, HeadEntry[] atlas)
    {
        foreach (HeadEntry entry in atlas)
        {
            print.WriteLine(entry.Label.Length == 0 ? entry.Head.ToString() : string.Create(CultureInfo.InvariantCulture, $"{entry.Head}  {entry.Label} ({entry.Consistency:0%} of what its texts explain is {entry.Factors[0].Factor})"));
            for (int i = 0; i < Math.Min(5, entry.Texts.Length); i++)
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {entry.Span.ExplainedVariance[i],7:0.000}  {entry.Texts[i]}"));
        }
    }

    /// <summary>A dot for each head: how much of its variance its texts explain; coloured where they are about one factor.</summary>
    static Plot Draw(HeadEntry[] atlas, int layers, int heads) => AtlasPlot.Draw(
        [.. atlas.Select(entry => new AtlasPoint(
            entry.Head, entry.Span.ExplainedVariance.LastOrDefault(), entry.Texts.Length, entry.Label.Length == 0 ? null : entry.Label != "mixed"))],
        layers, heads);

    static void Write(Utf8JsonWriter json, EffectInput input, TextPool pool, HeadEntry[] atlas)
    {
        json.WriteStartObject();
        json.WriteString("model", input.Model?.Checkpoint.Sha256);
        json.WriteString("pool", pool.Name);
        json.WriteString("poolSha256", Sha256.Hex(Encoding.UTF8.GetBytes(string.Join('\n', pool.Texts.Select((text, i) => $"{pool.Factors[i]}\t{text}")))));
        json.WriteString("data", input.Name);
        json.WriteNumber("images", input.Effects.ImageCount);
        json.WriteStartObject("heads");
        foreach (HeadEntry entry in atlas)
        {
            json.WriteStartObject(entry.Head.ToString());
            if (entry.Label.Length > 0)
            {
                json.WriteString("label", entry.Label);
                json.WriteNumber("consistency", entry.Consistency);
                json.WriteStartObject("factors");
                foreach ((string factor, double share) in entry.Factors)
                    json.WriteNumber(factor, share);
                json.WriteEndObject();
            }
            json.WriteStartArray("texts");
            for (int i = 0; i < entry.Texts.Length; i++)
            {
                json.WriteStartObject();
                json.WriteString("text", entry.Texts[i]);
                json.WriteNumber("explainedVariance", entry.Span.ExplainedVariance[i]);
                json.WriteStrings("top", entry.Top[i].Select(image => Name(input.Effects, image)));
                json.WriteStrings("bottom", entry.Bottom[i].Select(image => Name(input.Effects, image)));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("meanEffectOnClasses");
            foreach (int c in Enumerable.Range(0, entry.Classes.Length).OrderByDescending(c => Math.Abs(entry.Classes[c])).ThenBy(c => c).Take(ClassesShown))
                json.WriteNumber(c < input.ClassNames.Length ? input.ClassNames[c] : $"class {c}", entry.Classes[c]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static string Name(EffectSet set, int image) => set.Names is { } names ? Path.GetFileName(names[image]) : image.ToString(CultureInfo.InvariantCulture);

    static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}

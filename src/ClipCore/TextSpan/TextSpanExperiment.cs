using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.TextSpan;

/// <summary>
/// TEXTSPAN of all heads of a model's last layers, and the accuracy that is left when the heads are replaced by what their texts say (arXiv 2310.05916, section
/// 4.1). The memory does not depend on the number of images. Safe for many threads where the set is.
/// </summary>
public static class TextSpanExperiment
{
    /// <summary>Statistics in memory at a time, in bytes: a set that gathers dense ones is read once for every so many.</summary>
    const long MostStatistics = 1L << 30;

    /// <summary>The texts that span each head of the last layers.</summary>
    /// <param name="set">The set; one that has its statistics ready is not read.</param>
    /// <param name="texts">The pool. [t, e]</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told how many heads are done.</param>
    /// <param name="cancellation">Looked at between images and heads.</param>
    /// <returns>The heads in their order.</returns>
    /// <exception cref="ArgumentException">The texts' width is another, or the set does not hold a head one by one.</exception>
    public static IReadOnlyDictionary<ComponentLabel, TextSpanResult> Spans(
        EffectSet set, ReadOnlyMemory<float> texts, TextSpanOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default) =>
        Spans(set, [texts], options ?? new TextSpanOptions(), progress, cancellation)[0];

    /// <summary>Accuracies with the heads of the last layers replaced by what their first texts say, and all earlier heads by their means; MLPs stay.</summary>
    /// <param name="set">The set, with labels.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="pools">The texts and the controls.</param>
    /// <param name="counts">Numbers of texts of a head, each a point of the curve; a head with fewer texts uses all it has.</param>
    /// <param name="options">How heads are spanned; its count is raised to the largest number asked for.</param>
    /// <param name="progress">Told how many images are judged.</param>
    /// <param name="cancellation">Looked at between images and heads.</param>
    /// <exception cref="ArgumentException">A width or a number does not fit, or the set does not hold a head one by one.</exception>
    /// <exception cref="InvalidDataException">The set has no labels, or they do not fit the classifier.</exception>
    public static TextSpanAccuracies Accuracies(
        EffectSet set, LinearClassifier classifier, TextSpanPools pools, IReadOnlyList<int> counts, TextSpanOptions? options = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(pools);
        RequireCounts(counts);
        options ??= new TextSpanOptions();
        int[] seeds = [.. pools.Seeds ?? []];
        List<ReadOnlyMemory<float>> texts = [pools.Texts];
        if (pools.CommonWords is { } words)
            texts.Add(words);
        foreach (int seed in seeds)
            texts.Add(RandomDirections.Like(pools.Texts.Span, seed, set.EmbedWidth));
        options = options with { Count = Math.Max(options.Count, counts.Max()) };
        IReadOnlyDictionary<ComponentLabel, TextSpanResult>[] spans = Spans(set, texts, options, null, cancellation);
        (double baseline, double[][] found) = Judge(set, classifier, spans, counts, progress, cancellation);
        int random = pools.CommonWords == null ? 1 : 2;
        return new TextSpanAccuracies(
            baseline,
            [
                .. counts.Select((count, point) => new TextSpanAccuracy(
                    count, found[0][point], random == 2 ? found[1][point] : null, [.. found.Skip(random).Select(of => of[point])])),
            ]);
    }

    /// <summary>Accuracy with heads replaced by what their first texts say, and all heads of the layers before the first of them by their means.</summary>
    /// <param name="set">The set, with labels.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="spans">The heads that are replaced, with their texts.</param>
    /// <param name="counts">Numbers of texts of a head.</param>
    /// <param name="progress">Told how many images are judged.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <returns>The accuracy with nothing replaced and that for each number of texts: shares between 0 and 1.</returns>
    /// <exception cref="ArgumentException">A width or a number does not fit, or the set does not hold a head one by one.</exception>
    /// <exception cref="InvalidDataException">The set has no labels, or they do not fit the classifier.</exception>
    public static (double Baseline, IReadOnlyList<double> Accuracies) Accuracy(
        EffectSet set, LinearClassifier classifier, IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans, IReadOnlyList<int> counts,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(spans);
        RequireCounts(counts);
        if (spans.Count == 0)
            throw new ArgumentException("There is no head to replace.", nameof(spans));
        (double baseline, double[][] found) = Judge(set, classifier, [spans], counts, progress, cancellation);
        return (baseline, found[0]);
    }

    /// <summary>Spans of the same heads by several pools: what is known of a head is read, and its span made, once.</summary>
    static IReadOnlyDictionary<ComponentLabel, TextSpanResult>[] Spans(
        EffectSet set, IReadOnlyList<ReadOnlyMemory<float>> pools, TextSpanOptions options, IProgress<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LastLayers, 1, nameof(options));
        ComponentLabel[] heads =
        [
            .. ComponentLabel.All(set.LayerCount, set.HeadCount)
                .Where(label => label.Kind == ComponentKind.Head && label.Layer >= set.LayerCount - options.LastLayers),
        ];
        set.RequireOneByOne(heads);
        // Two doubles and an integer of 16 bytes for each pair of coordinates.
        long perHead = 12L * set.EmbedWidth * (set.EmbedWidth + 1);
        Dictionary<ComponentLabel, TextSpanResult>[] spans = [.. pools.Select(_ => new Dictionary<ComponentLabel, TextSpanResult>())];
        foreach (ComponentLabel[] some in heads.Chunk((int)Math.Clamp(MostStatistics / perHead, 1, heads.Length)))
        {
            IReadOnlyDictionary<ComponentLabel, HeadStatistics> statistics = set.ReadStatistics(some, null, cancellation);
            foreach (ComponentLabel head in some)
            {
                cancellation.ThrowIfCancellationRequested();
                HeadSpan span = HeadSpan.Of(statistics[head], options.Rank, options.Rule);
                for (int pool = 0; pool < spans.Length; pool++)
                    spans[pool].Add(head, span.Pick(pools[pool].Span, options.Count));
                progress?.Report(spans[0].Count);
            }
        }
        return spans;
    }

    static (double Baseline, double[][] Accuracies) Judge(
        EffectSet set, LinearClassifier classifier, IReadOnlyDictionary<ComponentLabel, TextSpanResult>[] arms, IReadOnlyList<int> counts,
        IProgress<int>? progress, CancellationToken cancellation)
    {
        int[] labels = set.RequireClasses(classifier);
        foreach (IReadOnlyDictionary<ComponentLabel, TextSpanResult> arm in arms)
            set.RequireOneByOne(arm.Keys);
        HashSet<ComponentLabel> replaced = [.. arms[0].Keys];
        int first = replaced.Min(head => head.Layer), width = set.EmbedWidth;
        double[] early = MeanOfEarlyHeads(set, first, cancellation), rest = new double[width], whole = new double[width],
            scores = new double[classifier.ClassCount];
        ReplacementArm[] judged = [.. arms.Select(arm => new ReplacementArm(arm, counts, width))];
        EffectReader reader = new(set, classAttention: false);
        long right = 0, labeled = 0;
        for (int image = 0; image < set.ImageCount; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (labels[image] < 0)
                continue;
            labeled++;
            reader.Read(image);
            early.CopyTo(rest, 0);
            Array.Clear(whole);
            for (int index = 0; index <= set.LayerCount; index++)
            {
                Add(reader.Mlp(index), rest);
                Add(reader.Mlp(index), whole);
            }
            for (int layer = 0; layer < set.LayerCount; layer++)
                for (int head = 0; head < set.HeadCount; head++)
                {
                    Add(reader.Head(layer, head), whole);
                    if (layer >= first && !replaced.Contains(ComponentLabel.OfHead(layer, head)))
                        Add(reader.Head(layer, head), rest);
                }
            classifier.Project((ReadOnlySpan<double>)whole, scores);
            right += LinearClassifier.Best(scores) == labels[image] ? 1 : 0;
            foreach (ReplacementArm arm in judged)
                arm.Add(rest, reader, classifier, labels[image], scores);
            progress?.Report(image + 1);
        }
        return ((double)right / labeled, [.. judged.Select(arm => arm.Right.ToArray().Select(of => (double)of / labeled).ToArray())]);
    }

    /// <summary>Sum of the means of all heads before a layer, over all images. [e]</summary>
    static double[] MeanOfEarlyHeads(EffectSet set, int first, CancellationToken cancellation)
    {
        double[] sum = new double[set.EmbedWidth];
        if (first == 0)
            return sum;
        EffectMeans means = EffectMeans.Of(set, null, cancellation);
        for (int layer = 0; layer < first; layer++)
            for (int head = 0; head < set.HeadCount; head++)
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += means.Head(layer, head)[i];
        return sum;
    }

    static void RequireCounts(IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count == 0 || counts.Any(count => count < 0))
            throw new ArgumentException("Name at least one number of texts, and none below 0.", nameof(counts));
    }

    static void Add(ReadOnlySpan<float> effect, double[] sum)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += effect[i];
    }
}

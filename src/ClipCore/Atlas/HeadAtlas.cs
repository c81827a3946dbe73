using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Numerics;
using ClipCore.Text;
using ClipCore.TextSpan;

namespace ClipCore.Atlas;

/// <summary>
/// The atlas of a model's heads over a set of images: the texts that span each head, what they are about, the classes that it speaks for on average, and the
/// images on which it speaks most and least. Immutable, safe for many threads.
/// </summary>
/// <param name="Model">The model that made the effects; null where the set does not tell it.</param>
/// <param name="PoolName">Where the texts came from.</param>
/// <param name="PoolSha256">SHA-256 of the texts and their factors, in hexadecimal: the same pool under any name has the same.</param>
/// <param name="ImageCount">Images of the set.</param>
/// <param name="ClassNames">The classes of the mean effects; empty without classes. [c]</param>
/// <param name="Heads">The heads, in their order.</param>
public sealed record HeadAtlas(
    ModelIdentity? Model, string PoolName, string PoolSha256, int ImageCount, IReadOnlyList<string> ClassNames, IReadOnlyList<AtlasHead> Heads)
{
    /// <summary>The version of what an atlas holds and of how it is computed; it grows when either changes.</summary>
    public const int Version = 1;

    /// <summary>What is told of a head.</summary>
    /// <exception cref="KeyNotFoundException">The atlas does not hold it.</exception>
    public AtlasHead this[ComponentLabel head] =>
        Heads.FirstOrDefault(entry => entry.Head == head) ?? throw new KeyNotFoundException($"The atlas does not tell of {head}.");

    /// <summary>Makes an atlas, and encodes its texts.</summary>
    /// <param name="set">The effects.</param>
    /// <param name="pool">The texts, best with factors.</param>
    /// <param name="encoder">The text tower of the model that made the effects.</param>
    /// <param name="classes">Classes to give mean effects on; null for none.</param>
    /// <param name="model">The model that made the effects; null where that is not known.</param>
    /// <param name="options">What to tell; null for the defaults.</param>
    /// <param name="progress">Told how many images are done, in the pass for top and bottom images.</param>
    /// <param name="cancellation">Looked at between texts, images and heads.</param>
    /// <exception cref="ArgumentException">Encoder, classes and effects do not fit each other.</exception>
    public static HeadAtlas Build(
        EffectSet set, TextPool pool, ITextEncoder encoder, LinearClassifier? classes = null, ModelIdentity? model = null, AtlasOptions? options = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return Build(set, pool, (ReadOnlyMemory<float>)pool.Encode(encoder, null, cancellation), classes, model, options, progress, cancellation);
    }

    /// <summary>
    /// Makes an atlas. A set that has its statistics ready is read once, for the top and bottom images, and not at all where none are wanted; the memory does
    /// not depend on the number of images.
    /// </summary>
    /// <param name="set">The effects.</param>
    /// <param name="pool">The texts, best with factors.</param>
    /// <param name="texts">Their representations. [t, e]</param>
    /// <param name="classes">Classes to give mean effects on; null for none.</param>
    /// <param name="model">The model that made the effects; null where that is not known.</param>
    /// <param name="options">What to tell; null for the defaults.</param>
    /// <param name="progress">Told how many images are done, in the pass for top and bottom images.</param>
    /// <param name="cancellation">Looked at between images and heads.</param>
    /// <exception cref="ArgumentException">
    /// Pool, representations, classes and effects do not fit each other, or a head is known by its layer's sum only.
    /// </exception>
    public static HeadAtlas Build(
        EffectSet set, TextPool pool, ReadOnlyMemory<float> texts, LinearClassifier? classes = null, ModelIdentity? model = null, AtlasOptions? options = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(pool);
        options ??= new AtlasOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Images, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FactorTexts, 1, nameof(options));
        if (texts.Length != (long)pool.Count * set.EmbedWidth)
            throw new ArgumentException(
                $"{pool.Name} has {pool.Count} texts, which need [{pool.Count}, {set.EmbedWidth}] floats, but {texts.Length} were given.", nameof(texts));
        if (classes != null && classes.EmbedWidth != set.EmbedWidth)
            throw new ArgumentException(
                $"The classes have {classes.EmbedWidth} floats, but the effects {set.EmbedWidth}: they belong to different models.", nameof(classes));

        TextSpanOptions spanned = options.Spans with { LastLayers = Math.Min(options.Spans.LastLayers, set.LayerCount - set.FirstHeadLayer) };
        IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans = TextSpanExperiment.Spans(set, texts, spanned, null, cancellation);
        Dictionary<ComponentLabel, (ImageRanking Top, ImageRanking Bottom)[]> ranked = spans.ToDictionary(
            pair => pair.Key,
            pair => pair.Value.Indices.Select(_ => (new ImageRanking(options.Images, largest: true), new ImageRanking(options.Images, largest: false)))
                .ToArray());
        if (options.Images > 0)
            Rank(set, texts, spans, ranked, progress, cancellation);
        return new HeadAtlas(
            model, pool.Name, pool.Sha256(), set.ImageCount, classes?.Names ?? [],
            [.. spans.Select(pair => Describe(pair.Key, pair.Value, ranked[pair.Key], pool, classes, options))]);
    }

    static void Rank(
        EffectSet set, ReadOnlyMemory<float> texts, IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans,
        Dictionary<ComponentLabel, (ImageRanking Top, ImageRanking Bottom)[]> ranked, IProgress<int>? progress, CancellationToken cancellation)
    {
        int width = set.EmbedWidth;
        EffectReader reader = new(set, classAttention: false);
        for (int image = 0; image < set.ImageCount; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Read(image);
            foreach ((ComponentLabel head, TextSpanResult span) in spans)
                for (int i = 0; i < span.Indices.Length; i++)
                {
                    double score = OrderedSums.Dot(reader.Of(head), texts.Span.Slice(span.Indices[i] * width, width));
                    ranked[head][i].Top.Add(image, score);
                    ranked[head][i].Bottom.Add(image, score);
                }
            progress?.Report(image + 1);
        }
    }

    static AtlasHead Describe(
        ComponentLabel head, TextSpanResult span, (ImageRanking Top, ImageRanking Bottom)[] ranked, TextPool pool, LinearClassifier? classes,
        AtlasOptions options)
    {
        HeadText[] texts =
        [
            .. span.Indices.Select((index, i) => new HeadText(
                index, pool.Texts[index], span.ExplainedVariance[i], span.ExplainedOfSpan[i], ranked[i].Top.Images, ranked[i].Bottom.Images)),
        ];
        HeadFactor[] factors = Factors(pool, span, options.FactorTexts);
        string label = factors.Length == 0 ? "" : factors[0].Share >= options.LabelShare && factors[0].Name.Length > 0 ? factors[0].Name : AtlasHead.Mixed;
        return new AtlasHead(head, span.Rank, texts, factors, label, MeanEffects(span.Mean, classes));
    }

    /// <summary>Share of the explained variance that the texts of each factor bring, the largest first.</summary>
    static HeadFactor[] Factors(TextPool pool, TextSpanResult span, int most)
    {
        int texts = Math.Min(most, span.Indices.Length);
        if (!pool.HasFactors || texts == 0)
            return [];
        Dictionary<string, double> shares = [];
        for (int i = 0; i < texts; i++)
        {
            string factor = pool.Factors[span.Indices[i]];
            shares[factor] = shares.GetValueOrDefault(factor) + span.ExplainedVariance[i] - (i == 0 ? 0 : span.ExplainedVariance[i - 1]);
        }
        double total = span.ExplainedVariance[texts - 1];
        return [.. shares.Select(pair => new HeadFactor(pair.Key, pair.Value / total)).OrderByDescending(factor => factor.Share)
            .ThenBy(factor => factor.Name, StringComparer.Ordinal)];
    }

    static double[] MeanEffects(double[] mean, LinearClassifier? classes)
    {
        if (classes == null)
            return [];
        double[] effects = new double[classes.ClassCount];
        classes.Project((ReadOnlySpan<double>)mean, effects);
        double all = 0;
        foreach (double effect in effects)
            all += effect / effects.Length;
        for (int c = 0; c < effects.Length; c++)
            effects[c] -= all;
        return effects;
    }
}

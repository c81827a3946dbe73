using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Images;
using ClipCore.Numerics;

namespace ClipCore.Explanation;

/// <summary>
/// Why a model gives an image its scores for some texts: the direct effects of all parts on each text's cosine, by head and patch
/// (arXiv 2310.05916, equations 3 and 5; sections 3 and 5). Immutable, and so safe for many threads.
/// </summary>
/// <remarks>Every effect is a number for each text [T], in units of cosine; all parts of a text sum up to its cosine.</remarks>
public sealed class ImageExplanation
{
    readonly DirectEffects _effects;
    readonly float[] _cosines;
    readonly float[] _heads;
    readonly float[] _attention;

    ImageExplanation(
        DecodedImage picture, PreparedImage image, int patchRows, ExplainedTexts texts, float[] cosines, DirectEffects effects, DirectEffects vectors)
    {
        (Picture, Image, PatchRows, Texts, _cosines, _effects) = (picture, image, patchRows, texts, cosines, effects);
        (ScoreCompleteness, Completeness, PartCount) = (effects.Completeness[0], vectors.Completeness[0], vectors.PartCount);
        _heads = new float[LayerCount * HeadCount * TextCount];
        _attention = new float[LayerCount * TextCount];
        for (int layer = 0; layer < LayerCount; layer++)
            for (int text = 0; text < TextCount; text++)
                _attention[(layer * TextCount) + text] = SumHeads(layer, text);
    }

    /// <summary>The picture as it was decoded.</summary>
    public DecodedImage Picture { get; }

    /// <summary>What the model got of it.</summary>
    public PreparedImage Image { get; }

    /// <summary>Rows of patches, and columns.</summary>
    public int PatchRows { get; }

    /// <summary>Number of patches (N).</summary>
    public int PatchCount => PatchRows * PatchRows;

    /// <summary>The texts and their scores.</summary>
    public ExplainedTexts Texts { get; }

    /// <summary>The convention of the mean's share.</summary>
    public MeanShare MeanShare => _effects.Options.MeanShare;

    /// <summary>max |Σ parts − representation|, of the parts by head as whole vectors.</summary>
    public float Completeness { get; }

    /// <summary>Into how many parts the representation was split: heads, MLPs and the embedding.</summary>
    public int PartCount { get; }

    /// <summary>max |Σ parts − cosine| over the texts, of the parts by head and token.</summary>
    public float ScoreCompleteness { get; }

    /// <summary>Into how many parts each score was split: what every head takes from every token, MLPs and the embedding.</summary>
    public int ScorePartCount => _effects.PartCount;

    /// <summary>Layers of the vision tower (L).</summary>
    public int LayerCount => _effects.LayerCount;

    /// <summary>Heads of a layer (H).</summary>
    public int HeadCount => _effects.HeadCount;

    /// <summary>Number of texts explained (T).</summary>
    public int TextCount => _cosines.Length;

    /// <summary>What the parts sum up to: the cosine of each text with the image. [T]</summary>
    public ReadOnlySpan<float> Cosines => _cosines;

    /// <summary>Effect of the class token after <c>ln_pre</c> on each text. [T]</summary>
    public ReadOnlySpan<float> Embed => _effects.Embed();

    /// <summary>Explains an image: two passes of the vision tower.</summary>
    /// <param name="model">The model.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="texts">Unit representations of the candidates, with their names.</param>
    /// <param name="options">Which of them to explain, and how; null for the defaults.</param>
    /// <exception cref="ArgumentException">The texts belong to a model of another width, or <see cref="ExplanationOptions.BestCount"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">The model has no vision tower.</exception>
    public static ImageExplanation Create(IImageModel model, DecodedImage picture, LinearClassifier texts, ExplanationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new ExplanationOptions();
        if (texts.EmbedWidth != model.EmbedWidth)
            throw new ArgumentException(
                $"The texts have representations of {texts.EmbedWidth} floats, but the model's have {model.EmbedWidth}: encode them with the same model.",
                nameof(texts));
        if (options.BestCount < 1)
            throw new ArgumentException(
                $"{nameof(ExplanationOptions.BestCount)} {options.BestCount} must be at least 1, or null for all texts.", nameof(options));
        ImagePreprocessor preprocessor = model.Preprocessor;
        PreparedImage image = preprocessor.Prepare(picture);
        float[] pixels = new float[preprocessor.PixelCount];
        preprocessor.Normalize(image.Rgb, pixels);
        DirectEffects vectors = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Head, MeanShare = options.MeanShare });

        double[] cosines = new double[texts.ClassCount];
        texts.Project(vectors.RepresentationValues, cosines);
        float[] logits = [.. cosines.Select(cosine => (float)(model.LogitScale * cosine))];
        float[] probabilities = [.. logits];
        Probabilities.FromLogits(probabilities);
        int[] chosen = Choose(logits, options.BestCount);
        int width = model.EmbedWidth;
        float[] rows = new float[chosen.Length * width];
        for (int i = 0; i < chosen.Length; i++)
            texts.Rows.Slice(chosen[i] * width, width).CopyTo(rows.AsSpan(i * width));
        using EffectDirections directions = model.CreateDirections(rows);
        DirectEffects effects = model.Decompose(
            pixels, new DecomposeOptions { Level = EffectLevel.Patch, MeanShare = options.MeanShare, Directions = directions });

        float[] scores = [.. chosen.Select(text => (float)cosines[text])];
        ExplainedTexts explained = new(
            Array.AsReadOnly(Pick(texts.Names, chosen)), Array.AsReadOnly(scores), Array.AsReadOnly(Pick(logits, chosen)),
            Array.AsReadOnly(Pick(probabilities, chosen)), logits.Length);
        return new ImageExplanation(picture, image, model.VisionConfig.GridSize, explained, scores, effects, vectors);
    }

    /// <summary>Effect of a layer's MLP on each text. [T]</summary>
    /// <param name="layer">From 0 to L − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public ReadOnlySpan<float> Mlp(int layer) => _effects.Mlp(layer);

    /// <summary>Effect of all heads of a layer on each text. [T]</summary>
    /// <param name="layer">From 0 to L − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public ReadOnlySpan<float> Attention(int layer)
    {
        Check(layer, LayerCount, nameof(layer));
        return _attention.AsSpan(layer * TextCount, TextCount);
    }

    /// <summary>Effect of a head on each text. [T]</summary>
    /// <param name="layer">From 0 to L − 1.</param>
    /// <param name="head">From 0 to H − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such head.</exception>
    public ReadOnlySpan<float> Head(int layer, int head)
    {
        Check(layer, LayerCount, nameof(layer));
        Check(head, HeadCount, nameof(head));
        return HeadValues(layer, head);
    }

    /// <summary>Effect of what a head takes from a patch on each text. [T]</summary>
    /// <param name="layer">From 0 to L − 1.</param>
    /// <param name="head">From 0 to H − 1.</param>
    /// <param name="patch">From 0 to N − 1, row by row.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such head or patch.</exception>
    public ReadOnlySpan<float> Patch(int layer, int head, int patch)
    {
        Check(patch, PatchCount, nameof(patch));
        return _effects.Patch(layer, head, patch + 1);
    }

    /// <summary>Effect of what a head takes from the class token on each text. [T]</summary>
    /// <param name="layer">From 0 to L − 1.</param>
    /// <param name="head">From 0 to H − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such head.</exception>
    public ReadOnlySpan<float> ClassToken(int layer, int head) => _effects.Patch(layer, head, 0);

    /// <summary>What decides for a text: the effect on it minus the mean effect on the others; with one text, the effect on it.</summary>
    /// <param name="effects">Effects on each text. [T]</param>
    /// <param name="text">From 0 to T − 1.</param>
    public static float Contrast(ReadOnlySpan<float> effects, int text)
    {
        if (effects.Length == 1)
            return effects[0];
        double others = 0;
        for (int i = 0; i < effects.Length; i++)
            others += i == text ? 0 : effects[i];
        return (float)(effects[text] - (others / (effects.Length - 1)));
    }

    /// <summary>The heads that speak most for or against a text over the others, the strongest first; equal ones in the model's order.</summary>
    /// <param name="text">From 0 to T − 1.</param>
    /// <param name="count">How many heads, at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text, or <paramref name="count"/> is below 1.</exception>
    public HeadEffect[] StrongestHeads(int text, int count = 10)
    {
        Check(text, TextCount, nameof(text));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        List<HeadEffect> heads = [];
        for (int layer = 0; layer < LayerCount; layer++)
            for (int head = 0; head < HeadCount; head++)
                heads.Add(new HeadEffect(ComponentLabel.OfHead(layer, head), Contrast(HeadValues(layer, head), text)));
        return [.. heads.OrderByDescending(head => Math.Abs(head.Effect)).Take(count)];
    }

    /// <summary>Effects of all patches on a text, all heads summed. [rows, columns]</summary>
    /// <param name="text">From 0 to T − 1.</param>
    /// <param name="contrast">Whether to subtract the mean of the other texts.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public float[] Map(int text, bool contrast)
    {
        Check(text, TextCount, nameof(text));
        double[] sums = new double[PatchCount];
        for (int layer = 0; layer < LayerCount; layer++)
            for (int head = 0; head < HeadCount; head++)
                for (int patch = 0; patch < PatchCount; patch++)
                {
                    ReadOnlySpan<float> effects = Patch(layer, head, patch);
                    sums[patch] += contrast ? Contrast(effects, text) : effects[text];
                }
        return Array.ConvertAll(sums, sum => (float)sum);
    }

    /// <summary>Effects of what a head takes from each patch on a text over the others. [rows, columns]</summary>
    /// <param name="layer">From 0 to L − 1.</param>
    /// <param name="head">From 0 to H − 1.</param>
    /// <param name="text">From 0 to T − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such head or text.</exception>
    public float[] HeadMap(int layer, int head, int text)
    {
        Check(text, TextCount, nameof(text));
        float[] map = new float[PatchCount];
        for (int patch = 0; patch < PatchCount; patch++)
            map[patch] = Contrast(Patch(layer, head, patch), text);
        return map;
    }

    static int[] Choose(float[] logits, int? best)
    {
        IEnumerable<int> all = Enumerable.Range(0, logits.Length);
        return best is { } count ? [.. all.OrderByDescending(text => logits[text]).ThenBy(text => text).Take(count)] : [.. all];
    }

    static T[] Pick<T>(IReadOnlyList<T> values, int[] chosen) => Array.ConvertAll(chosen, i => values[i]);

    /// <summary>Sums a layer's tokens to heads, and its heads to one number, in double precision and the order of heads.</summary>
    float SumHeads(int layer, int text)
    {
        double all = 0;
        for (int head = 0; head < HeadCount; head++)
        {
            double sum = 0;
            for (int token = 0; token < _effects.TokenCount; token++)
                sum += _effects.Patch(layer, head, token)[text];
            _heads[HeadRow(layer, head) + text] = (float)sum;
            all += (float)sum;
        }
        return (float)all;
    }

    int HeadRow(int layer, int head) => ((layer * HeadCount) + head) * TextCount;

    ReadOnlySpan<float> HeadValues(int layer, int head) => _heads.AsSpan(HeadRow(layer, head), TextCount);

    static void Check(int index, int count, string name)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(name, index, $"Must lie in 0 … {count - 1}.");
    }
}

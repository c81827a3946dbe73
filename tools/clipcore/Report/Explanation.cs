using ClipCore.Decomposition;
using ClipCore.Images;
using ClipCore.Numerics;

namespace ClipCore.Cli.Report;

/// <summary>
/// Why a model gives an image its scores for some texts: the direct effects of all parts on each text's cosine, from one decomposition by head and patch
/// (arXiv 2310.05916, sections 3 and 5).
/// </summary>
sealed class Explanation
{
    /// <summary>Number of heads that are shown one by one.</summary>
    public const int TopHeadCount = 10;

    readonly DirectEffects _effects;
    readonly float[] _heads;

    /// <param name="imageName">The picture's path.</param>
    /// <param name="whole">The picture.</param>
    /// <param name="image">What the model got of it.</param>
    /// <param name="patchRows">Rows (and columns) of patches.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="effects">The decomposition by patch along the texts.</param>
    /// <param name="vectors">The decomposition by head as vectors: the certificate against the representation itself.</param>
    /// <param name="provenance">Where it came from.</param>
    public Explanation(
        string imageName, DecodedImage whole, PreparedImage image, int patchRows, ExplainedTexts texts, DirectEffects effects, DirectEffects vectors,
        Provenance provenance)
    {
        (ImageName, Whole, Image, PatchRows, Texts, Provenance, _effects) = (imageName, whole, image, patchRows, texts, provenance, effects);
        (Completeness, VectorCompleteness, VectorPartCount) = (effects.Completeness[0], vectors.Completeness[0], vectors.PartCount);
        _heads = new float[LayerCount * HeadCount * TextCount];
        for (int layer = 0; layer < LayerCount; layer++)
            for (int head = 0; head < HeadCount; head++)
                for (int text = 0; text < TextCount; text++)
                {
                    double sum = 0;
                    for (int token = 0; token < effects.TokenCount; token++)
                        sum += effects.Patch(layer, head, token)[text];
                    _heads[HeadRow(layer, head) + text] = (float)sum;
                }
    }

    public string ImageName { get; }

    public DecodedImage Whole { get; }

    public PreparedImage Image { get; }

    /// <summary>Rows of patches, and columns.</summary>
    public int PatchRows { get; }

    public int PatchCount => PatchRows * PatchRows;

    public ExplainedTexts Texts { get; }

    public Provenance Provenance { get; }

    /// <summary>max |Σ parts − cosine| over the texts, of the parts by head and token.</summary>
    public float Completeness { get; }

    /// <summary>max |Σ parts − representation| of the parts by head.</summary>
    public float VectorCompleteness { get; }

    public int PartCount => _effects.PartCount;

    public int VectorPartCount { get; }

    public int LayerCount => _effects.LayerCount;

    public int HeadCount => _effects.HeadCount;

    public int TextCount => Texts.Names.Length;

    /// <summary>Effect of the class token after <c>ln_pre</c> on each text. [T]</summary>
    public ReadOnlySpan<float> Embed => _effects.Embed();

    /// <summary>Effect of a layer's MLP on each text. [T]</summary>
    public ReadOnlySpan<float> Mlp(int layer) => _effects.Mlp(layer);

    /// <summary>Effect of a head on each text. [T]</summary>
    public ReadOnlySpan<float> Head(int layer, int head) => _heads.AsSpan(HeadRow(layer, head), TextCount);

    /// <summary>Effect of what a head takes from a patch on each text. [T]</summary>
    public ReadOnlySpan<float> Patch(int layer, int head, int patch) => _effects.Patch(layer, head, patch + 1);

    /// <summary>Effect of what a head takes from the class token on each text. [T]</summary>
    public ReadOnlySpan<float> ClassToken(int layer, int head) => _effects.Patch(layer, head, 0);

    /// <summary>Effect of all heads of a layer on each text. [T]</summary>
    public float[] Attention(int layer)
    {
        float[] effects = new float[TextCount];
        for (int text = 0; text < TextCount; text++)
        {
            double sum = 0;
            for (int head = 0; head < HeadCount; head++)
                sum += Head(layer, head)[text];
            effects[text] = (float)sum;
        }
        return effects;
    }

    /// <summary>What decides for a text: the effect on it minus the mean effect on the others; with one text, the effect on it.</summary>
    public static float Contrast(ReadOnlySpan<float> effects, int text)
    {
        if (effects.Length == 1)
            return effects[0];
        double others = 0;
        for (int i = 0; i < effects.Length; i++)
            others += i == text ? 0 : effects[i];
        return (float)(effects[text] - (others / (effects.Length - 1)));
    }

    /// <summary>The ten heads that speak most for or against a text over the others, the strongest first.</summary>
    public HeadEffect[] TopHeads(int text) =>
    [
        .. AllHeads(effects => Contrast(effects, text)).OrderByDescending(head => Math.Abs(head.Effect)).Take(TopHeadCount),
    ];

    /// <summary>Effects of all patches on a text, all heads summed. [rows, columns]</summary>
    public float[] Map(int text, bool contrast)
    {
        double[] sums = new double[PatchCount];
        for (int layer = 0; layer < LayerCount; layer++)
            for (int head = 0; head < HeadCount; head++)
                for (int patch = 0; patch < PatchCount; patch++)
                    sums[patch] += Value(Patch(layer, head, patch), text, contrast);
        return [.. sums.Select(sum => (float)sum)];
    }

    /// <summary>Effects of what a head takes from each patch on a text over the others. [rows, columns]</summary>
    public float[] HeadMap(HeadEffect head, int text)
    {
        float[] map = new float[PatchCount];
        for (int patch = 0; patch < PatchCount; patch++)
            map[patch] = Contrast(Patch(head.Layer, head.Head, patch), text);
        return map;
    }

    /// <summary>The finding in one sentence, made from the numbers.</summary>
    public string Sentence()
    {
        int[] order = [.. Enumerable.Range(0, TextCount).OrderByDescending(text => Texts.Probabilities[text]).ThenBy(text => text)];
        int first = order[0];
        double Difference(ReadOnlySpan<float> effects) => TextCount == 1 ? effects[0] : effects[first] - (double)effects[order[1]];
        double total = Difference(Texts.Cosines), mlps = Difference(Embed);
        for (int layer = 0; layer < LayerCount; layer++)
            mlps += Difference(Mlp(layer));

        string winner = $"“{Texts.Names[first]}”";
        string verdict = TextCount == 1
            ? $"{winner} has the cosine {Format.Number(total)} with this image"
            : $"{winner} {Format.Probability(Texts.Probabilities[first])} over “{Texts.Names[order[1]]}” {Format.Probability(Texts.Probabilities[order[1]])}: the cosines differ by {Format.Number(total)}";
        HeadEffect[] heads = [.. AllHeads(effects => (float)Difference(effects)).OrderByDescending(head => head.Effect)];
        return $"{verdict}, made of {Format.Signed(total - mlps)} from attention and {Format.Signed(mlps)} from the MLPs and the embedding. "
            + $"The heads that speak most for it are {Named(heads[0])} and {Named(heads[1 % heads.Length])}; most against it speaks {Named(heads[^1])}.";

        static string Named(HeadEffect head) => $"{head.Label} ({Format.Signed(head.Effect)})";
    }

    static float Value(ReadOnlySpan<float> effects, int text, bool contrast) => contrast ? Contrast(effects, text) : effects[text];

    delegate float EffectSelector(ReadOnlySpan<float> effects);

    IEnumerable<HeadEffect> AllHeads(EffectSelector select)
    {
        for (int layer = 0; layer < LayerCount; layer++)
            for (int head = 0; head < HeadCount; head++)
                yield return new HeadEffect($"L{layer}.H{head}", layer, head, select(Head(layer, head)));
    }

    int HeadRow(int layer, int head) => ((layer * HeadCount) + head) * TextCount;
}

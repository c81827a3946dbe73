using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Numerics;

namespace ClipCore.Ablation;

/// <summary>Removal of a spurious cue: the heads that carry it are replaced by their means (arXiv 2310.05916, section 4.3, Waterbirds).</summary>
public static class SpuriousCue
{
    /// <summary>Attention layers that the paper's script keeps.</summary>
    public const int KeptLayers = 4;

    /// <summary>Accuracies by group with some components replaced by their means over the set.</summary>
    public static GroupAccuracy Evaluate(EffectSet set, LinearClassifier classifier, EffectMeans means, IReadOnlyCollection<ComponentLabel> components) =>
        GroupAccuracy.Of(set, MeanAblation.Evaluate(set, classifier, means, components));

    /// <summary>What the paper's script replaces besides the heads it names: the embedding, all MLPs, and all attention layers but the last four.</summary>
    public static ComponentLabel[] ReferenceProtocol(EffectSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return
        [
            .. ComponentLabel.All(set.LayerCount, set.HeadCount).Where(label => label.Kind != ComponentKind.Head || label.Layer < set.LayerCount - KeptLayers),
        ];
    }

    /// <summary>
    /// How much each head speaks for the attribute and for the class: the mean over the other label's values of the difference that it makes to the margin between
    /// the two classes, in logit units. Large attribute effects with small class effects mark the heads of the cue.
    /// </summary>
    /// <param name="set">A validation split, with labels and attributes of two values each.</param>
    /// <param name="classifier">Two classes.</param>
    /// <exception cref="InvalidDataException">There are other than two classes or attributes.</exception>
    public static IReadOnlyList<(ComponentLabel Head, double Attribute, double Class)> Contrast(EffectSet set, LinearClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classifier);
        if (classifier.ClassCount != 2 || set.Attributes == null || set.Attributes.Any(attribute => attribute is not (0 or 1)))
            throw new InvalidDataException("The contrast between groups needs two classes and two attributes, numbered 0 and 1.");
        int[] labels = set.RequireLabels(2);
        int heads = set.LayerCount * set.HeadCount;
        double[] sums = new double[heads * 4];
        long[] counts = new long[4];
        EffectReader reader = new(set, classAttention: false);
        double[] scores = new double[2];
        for (int image = 0; image < set.ImageCount; image++)
        {
            reader.Read(image);
            int group = (labels[image] * 2) + set.Attributes[image];
            counts[group]++;
            for (int head = 0; head < heads; head++)
            {
                classifier.Project(reader.Heads.Slice(head * set.EmbedWidth, set.EmbedWidth), scores);
                sums[(head * 4) + group] += scores[1] - scores[0];
            }
        }
        if (counts.Any(count => count == 0))
            throw new InvalidDataException("The contrast between groups needs images of all four combinations of class and attribute.");
        double Mean(int head, int label, int attribute) => sums[(head * 4) + (label * 2) + attribute] / counts[(label * 2) + attribute];
        return
        [
            .. Enumerable.Range(0, heads).Select(head => (
                ComponentLabel.OfHead(head / set.HeadCount, head % set.HeadCount),
                (Mean(head, 0, 1) - Mean(head, 0, 0) + Mean(head, 1, 1) - Mean(head, 1, 0)) / 2,
                (Mean(head, 1, 0) - Mean(head, 0, 0) + Mean(head, 1, 1) - Mean(head, 0, 1)) / 2)),
        ];
    }

    /// <summary>Heads drawn at random without repetition; the same seed draws the same heads everywhere.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="heads">Heads of a layer.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the draw.</param>
    public static ComponentLabel[] RandomHeads(int layers, int heads, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, layers * heads);
        int[] order = [.. Enumerable.Range(0, layers * heads)];
        ulong state = ((ulong)(uint)seed * 0x9E3779B97F4A7C15UL) + 0xD1B54A32D192ED03UL;
        for (int i = 0; i < count; i++)
        {
            // SplitMix64 (Steele, Lea, Flood 2014): the framework's generator makes no promise across versions.
            state += 0x9E3779B97F4A7C15UL;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            int pick = i + (int)((z ^ (z >> 31)) % (ulong)(order.Length - i));
            (order[i], order[pick]) = (order[pick], order[i]);
        }
        return [.. order.Take(count).Order().Select(index => ComponentLabel.OfHead(index / heads, index % heads))];
    }
}

using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Ablation;

/// <summary>
/// Removal of a spurious cue: the heads that carry it are replaced by their means (arXiv 2310.05916, section 4.3, Waterbirds). Safe for many threads where the
/// set is.
/// </summary>
public static class SpuriousCue
{
    /// <summary>Attention layers that the paper's script keeps.</summary>
    const int KeptLayers = 4;

    /// <summary>Accuracies by group with some components replaced by their means.</summary>
    /// <exception cref="ArgumentException">The set does not hold a head one by one.</exception>
    /// <exception cref="InvalidDataException">The set has no labels or attributes, or they do not fit the classifier.</exception>
    /// <param name="set">The set, with labels and attributes.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="means">The set's means, or those of another one.</param>
    /// <param name="components">What is replaced.</param>
    public static GroupAccuracy Evaluate(EffectSet set, LinearClassifier classifier, EffectMeans means, IReadOnlyCollection<ComponentLabel> components) =>
        Evaluate(set, classifier, means, [components])[0];

    /// <summary>Accuracies by group with several choices of components replaced by their means, in one pass over the set.</summary>
    /// <param name="set">The set, with labels and attributes.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="means">The set's means, or those of another one.</param>
    /// <param name="choices">What is replaced in each; an empty one gives the baseline.</param>
    /// <param name="progress">Told how many images are judged.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="ArgumentException">The set does not hold a head one by one.</exception>
    /// <exception cref="InvalidDataException">The set has no labels or attributes, or they do not fit the classifier.</exception>
    public static IReadOnlyList<GroupAccuracy> Evaluate(
        EffectSet set, LinearClassifier classifier, EffectMeans means, IReadOnlyList<IReadOnlyCollection<ComponentLabel>> choices,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(choices);
        (int[] labels, int[] attributes) = RequireGroups(set);
        GroupCounts[] counts = [.. choices.Select(_ => new GroupCounts())];
        new AblationReader(set, classifier, means, choices).Run(
            (image, choice, isRight) => counts[choice].Add(labels[image], attributes[image], isRight), progress, cancellation);
        return [.. counts.Select(count => count.ToAccuracy())];
    }

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
    /// How much each head speaks for the attribute and for the class: the mean over the other label's values of the difference that it makes to the margin
    /// between the two classes, in logit units. Large attribute effects with small class effects mark the heads of the cue. Images without a class or an
    /// attribute are passed over.
    /// </summary>
    /// <param name="set">A validation split, with labels and attributes of two values each.</param>
    /// <param name="classifier">Two classes.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <returns>The heads that the set holds one by one, in their order.</returns>
    /// <exception cref="InvalidDataException">There are other than two classes or attributes, or a group without images.</exception>
    public static IReadOnlyList<HeadContrast> Contrast(
        EffectSet set, LinearClassifier classifier, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classifier);
        if (classifier.ClassCount != 2 || set.Attributes == null || set.Attributes.Any(attribute => attribute is < -1 or > 1))
            throw new InvalidDataException("The contrast between groups needs two classes and two attributes, numbered 0 and 1.");
        int[] labels = set.RequireClasses(classifier);
        int first = set.FirstHeadLayer * set.HeadCount, heads = (set.LayerCount * set.HeadCount) - first;
        double[] sums = new double[heads * 4];
        long[] counts = new long[4];
        EffectReader reader = new(set, classAttention: false);
        double[] scores = new double[2];
        for (int image = 0; image < set.ImageCount; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (labels[image] < 0 || set.Attributes[image] < 0)
                continue;
            reader.Read(image);
            int group = (labels[image] * 2) + set.Attributes[image];
            counts[group]++;
            for (int head = 0; head < heads; head++)
            {
                classifier.Project(reader.Heads.Slice((first + head) * set.EmbedWidth, set.EmbedWidth), scores);
                sums[(head * 4) + group] += scores[1] - scores[0];
            }
            progress?.Report(image + 1);
        }
        if (counts.Any(count => count == 0))
            throw new InvalidDataException("The contrast between groups needs images of all four combinations of class and attribute.");
        double Mean(int head, int label, int attribute) => sums[(head * 4) + (label * 2) + attribute] / counts[(label * 2) + attribute];
        return
        [
            .. Enumerable.Range(0, heads).Select(head => new HeadContrast(
                ComponentLabel.OfHead((first + head) / set.HeadCount, (first + head) % set.HeadCount),
                (Mean(head, 0, 1) - Mean(head, 0, 0) + Mean(head, 1, 1) - Mean(head, 1, 0)) / 2,
                (Mean(head, 1, 0) - Mean(head, 0, 0) + Mean(head, 1, 1) - Mean(head, 0, 1)) / 2)),
        ];
    }

    /// <summary>Heads drawn at random, without repetition, from those that a set holds one by one; the same seed draws the same heads everywhere.</summary>
    /// <param name="set">The set.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <exception cref="ArgumentOutOfRangeException">The set has fewer heads one by one.</exception>
    public static ComponentLabel[] RandomHeads(EffectSet set, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(set);
        return
        [
            .. RandomHeads(set.LayerCount - set.FirstHeadLayer, set.HeadCount, count, seed)
                .Select(label => ComponentLabel.OfHead(label.Layer + set.FirstHeadLayer, label.Head)),
        ];
    }

    /// <summary>Heads drawn at random without repetition; the same seed draws the same heads everywhere.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="heads">Heads of a layer.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the draw.</param>
    internal static ComponentLabel[] RandomHeads(int layers, int heads, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, layers * heads);
        int[] order = [.. Enumerable.Range(0, layers * heads)];
        SplitMix64 numbers = new(((uint)seed * SplitMix64.Step) + 0xD1B54A32D192ED03UL);
        for (int i = 0; i < count; i++)
        {
            int pick = i + (int)(numbers.Next() % (ulong)(order.Length - i));
            (order[i], order[pick]) = (order[pick], order[i]);
        }
        return [.. order.Take(count).Order().Select(index => ComponentLabel.OfHead(index / heads, index % heads))];
    }

    /// <summary>Class and attribute of each image.</summary>
    internal static (int[] Labels, int[] Attributes) RequireGroups(EffectSet set)
    {
        if (set.Labels == null || set.Attributes == null || set.Attributes.All(attribute => attribute < 0))
            throw new InvalidDataException(
                "Groups need a class and an attribute of each image, such as the columns y and place of a metadata.csv, or labels.npy [n, 2].");
        if (set.Attributes.Length != set.ImageCount)
            throw new InvalidDataException($"There are {set.Attributes.Length} attributes for {set.ImageCount} images: they do not belong together.");
        return (set.Labels, set.Attributes);
    }
}

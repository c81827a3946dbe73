using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Ablation;

/// <summary>
/// Mean-ablation: components are replaced by their mean over the data set, and what the accuracy loses is what they contributed. Accuracies are shares between
/// 0 and 1. The memory does not depend on the number of images, labels aside. Safe for many threads where the set is.
/// </summary>
public static class MeanAblation
{
    /// <summary>
    /// The paper's table, in two passes over the set. Layers are replaced as a whole, so that a set that keeps single heads of the last layers only will do.
    /// </summary>
    /// <param name="set">The set, with labels.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="progress">Told how many images are judged, in the second pass.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="InvalidDataException">The set has no labels, or they do not fit the classifier.</exception>
    public static AblationTable Run(EffectSet set, LinearClassifier classifier, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        int[] labels = set.RequireClasses(classifier);
        EffectMeans means = EffectMeans.Of(set, null, cancellation);
        bool hasClass = set.HasClassAttention;
        EffectReader reader = new(set, hasClass);
        int layers = set.LayerCount, width = set.EmbedWidth, variants = 4 + layers;
        long[] right = new long[variants];
        double[] whole = new double[width], mlpChange = new double[width], classChange = new double[width], variant = new double[width];
        double[] scores = new double[classifier.ClassCount];
        int labeled = 0;
        for (int image = 0; image < set.ImageCount; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (labels[image] < 0)
                continue;
            labeled++;
            reader.Read(image);
            Array.Clear(whole);
            Array.Clear(mlpChange);
            Array.Clear(classChange);
            AddRows(reader.Heads, whole);
            AddRows(reader.Mlps, whole);
            for (int i = 0; i <= layers; i++)
                AddDifference(means.Mlp(i), reader.Mlp(i), mlpChange);
            if (hasClass)
                for (int layer = 0; layer < layers; layer++)
                    AddDifference(means.ClassAttention(layer), reader.ClassAttention.Slice(layer * width, width), classChange);

            right[0] += IsRight(whole, [], [], labels[image]);
            right[1] += IsRight(whole, mlpChange, [], labels[image]);
            right[2] += IsRight(whole, classChange, [], labels[image]);
            right[3] += IsRight(whole, mlpChange, classChange, labels[image]);
            for (int layer = 0; layer < layers; layer++)
            {
                for (int head = 0; head < set.HeadCount; head++)
                    AddDifference(means.Head(layer, head), reader.Head(layer, head), whole);
                right[4 + layer] += IsRight(whole, [], [], labels[image]);
            }
            progress?.Report(image + 1);
        }
        double Share(int index) => (double)right[index] / labeled;
        return new AblationTable(Share(0), Share(1), hasClass ? Share(2) : null, hasClass ? Share(3) : null, [.. Enumerable.Range(4, layers).Select(Share)]);

        long IsRight(ReadOnlySpan<double> sum, ReadOnlySpan<double> first, ReadOnlySpan<double> second, int label)
        {
            sum.CopyTo(variant);
            for (int i = 0; i < first.Length; i++)
                variant[i] += first[i];
            for (int i = 0; i < second.Length; i++)
                variant[i] += second[i];
            classifier.Project((ReadOnlySpan<double>)variant, scores);
            return LinearClassifier.Best(scores) == label ? 1 : 0;
        }
    }

    /// <summary>Which images are classified right with some components replaced by their means; null for images without a label. [n]</summary>
    /// <param name="set">The set, with labels.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="means">The set's means, or those of another one.</param>
    /// <param name="components">What is replaced.</param>
    /// <param name="progress">Told how many images are judged.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="ArgumentException">The set does not hold a head one by one.</exception>
    /// <exception cref="InvalidDataException">The set has no labels, or they do not fit the classifier.</exception>
    public static bool?[] Evaluate(
        EffectSet set, LinearClassifier classifier, EffectMeans means, IReadOnlyCollection<ComponentLabel> components,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(components);
        bool?[] right = new bool?[set.ImageCount];
        new AblationReader(set, classifier, means, [components]).Run((image, _, isRight) => right[image] = isRight, progress, cancellation);
        return right;
    }

    /// <summary>Accuracies with several choices of components replaced by their means, in one pass over the set. [choices]</summary>
    /// <inheritdoc cref="Evaluate" path="/exception"/>
    /// <param name="set">The set, with labels.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="means">The set's means, or those of another one.</param>
    /// <param name="choices">What is replaced in each; an empty one gives the baseline.</param>
    /// <param name="progress">Told how many images are judged.</param>
    /// <param name="cancellation">Looked at between images.</param>
    public static IReadOnlyList<double> Accuracies(
        EffectSet set, LinearClassifier classifier, EffectMeans means, IReadOnlyList<IReadOnlyCollection<ComponentLabel>> choices,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(choices);
        long[] right = new long[choices.Count], all = new long[choices.Count];
        new AblationReader(set, classifier, means, choices).Run(
            (_, choice, isRight) =>
            {
                right[choice] += isRight ? 1 : 0;
                all[choice]++;
            },
            progress, cancellation);
        return [.. right.Select((count, choice) => (double)count / all[choice])];
    }

    /// <summary>Share, between 0 and 1, of images that are right among those that have a label.</summary>
    /// <param name="right">Whether each image is right; null for images without a label.</param>
    /// <exception cref="ArgumentException">No image has a label.</exception>
    public static double Accuracy(IReadOnlyCollection<bool?> right)
    {
        ArgumentNullException.ThrowIfNull(right);
        int labeled = right.Count(value => value != null);
        return labeled > 0 ? (double)right.Count(value => value == true) / labeled : throw new ArgumentException("No image has a label.", nameof(right));
    }

    internal static void AddRows(ReadOnlySpan<float> rows, double[] sum)
    {
        for (int start = 0; start < rows.Length; start += sum.Length)
            for (int i = 0; i < sum.Length; i++)
                sum[i] += rows[start + i];
    }

    internal static void AddDifference(ReadOnlySpan<double> mean, ReadOnlySpan<float> effect, Span<double> destination)
    {
        for (int i = 0; i < mean.Length; i++)
            destination[i] += mean[i] - effect[i];
    }
}

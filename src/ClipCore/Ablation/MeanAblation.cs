using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Ablation;

/// <summary>Mean-ablation: components are replaced by their mean over the data set, and what the accuracy loses is what they contributed.</summary>
public static class MeanAblation
{
    /// <summary>The paper's table, in two passes over the set.</summary>
    /// <exception cref="InvalidDataException">The set has no labels, or they do not fit the classifier.</exception>
    public static AblationTable Run(EffectSet set, LinearClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classifier);
        Require(set, classifier);
        int[] labels = set.RequireLabels(classifier.ClassCount);
        EffectMeans means = EffectMeans.Of(set);
        bool hasClass = set.HasClassAttention;
        EffectReader reader = new(set, hasClass);
        int layers = set.LayerCount, width = set.EmbedWidth, variants = 4 + layers;
        long[] right = new long[variants];
        double[] whole = new double[width], mlpChange = new double[width], classChange = new double[width], variant = new double[width], scores = new double[classifier.ClassCount];
        int labeled = 0;
        for (int image = 0; image < set.ImageCount; image++)
        {
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
        }
        if (labeled == 0)
            throw new InvalidDataException("No image has a label.");
        double Percent(int index) => 100.0 * right[index] / labeled;
        return new AblationTable(
            Percent(0), Percent(1), hasClass ? Percent(2) : null, hasClass ? Percent(3) : null, [.. Enumerable.Range(4, layers).Select(Percent)]);

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
    /// <param name="set">The set.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="means">The set's means, or those of another one.</param>
    /// <param name="components">What is replaced.</param>
    /// <exception cref="InvalidDataException">The set has no labels, or they do not fit the classifier.</exception>
    public static bool?[] Evaluate(EffectSet set, LinearClassifier classifier, EffectMeans means, IReadOnlyCollection<ComponentLabel> components)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(components);
        Require(set, classifier);
        int[] labels = set.RequireLabels(classifier.ClassCount);
        EffectReader reader = new(set, classAttention: false);
        double[] sum = new double[set.EmbedWidth], scores = new double[classifier.ClassCount];
        bool?[] right = new bool?[set.ImageCount];
        for (int image = 0; image < right.Length; image++)
        {
            reader.Read(image);
            Array.Clear(sum);
            AddRows(reader.Heads, sum);
            AddRows(reader.Mlps, sum);
            foreach (ComponentLabel component in components)
                AddDifference(means.Of(component), reader.Of(component), sum);
            classifier.Project((ReadOnlySpan<double>)sum, scores);
            right[image] = labels[image] < 0 ? null : LinearClassifier.Best(scores) == labels[image];
        }
        return right;
    }

    /// <summary>Share of images that are right among those that have a label, in percent.</summary>
    public static double Percent(IReadOnlyCollection<bool?> right)
    {
        ArgumentNullException.ThrowIfNull(right);
        return 100.0 * right.Count(value => value == true) / right.Count(value => value != null);
    }

    static void Require(EffectSet set, LinearClassifier classifier)
    {
        if (classifier.EmbedWidth != set.EmbedWidth)
            throw new InvalidDataException($"The classifier is for vectors of {classifier.EmbedWidth} floats, but the effects have {set.EmbedWidth}: they belong to different models.");
    }

    static void AddRows(ReadOnlySpan<float> rows, double[] sum)
    {
        for (int start = 0; start < rows.Length; start += sum.Length)
            for (int i = 0; i < sum.Length; i++)
                sum[i] += rows[start + i];
    }

    static void AddDifference(ReadOnlySpan<double> mean, ReadOnlySpan<float> effect, Span<double> destination)
    {
        for (int i = 0; i < mean.Length; i++)
            destination[i] += mean[i] - effect[i];
    }
}

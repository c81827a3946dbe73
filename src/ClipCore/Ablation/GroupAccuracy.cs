using ClipCore.EffectSets;

namespace ClipCore.Ablation;

/// <summary>Accuracies in percent by group: the combinations of class and attribute, such as bird and background.</summary>
/// <param name="Groups">Accuracy of each (class, attribute) that occurs.</param>
/// <param name="Full">Accuracy over all images.</param>
public sealed record GroupAccuracy(IReadOnlyDictionary<(int Class, int Attribute), double> Groups, double Full)
{
    /// <summary>Accuracy of the worst group.</summary>
    public double Worst => Groups.Values.Min();

    /// <summary>Groups the outcomes of images.</summary>
    /// <exception cref="InvalidDataException">The set has no labels or no attributes.</exception>
    public static GroupAccuracy Of(EffectSet set, bool?[] right)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(right);
        if (set.Labels == null || set.Attributes == null)
            throw new InvalidDataException("Groups need a class and an attribute of each image: labels.npy [n, 2], or a metadata.csv with both.");
        SortedDictionary<(int, int), double> groups = [];
        foreach (IGrouping<(int, int), int> group in Enumerable.Range(0, right.Length).Where(image => right[image] != null).GroupBy(image => (set.Labels[image], set.Attributes[image])))
            groups[group.Key] = MeanAblation.Percent([.. group.Select(image => right[image])]);
        return new GroupAccuracy(groups, MeanAblation.Percent(right));
    }
}

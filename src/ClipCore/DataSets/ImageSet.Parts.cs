namespace ClipCore.DataSets;

public sealed partial record ImageSet
{
    /// <summary>Names of the splits, in ordinal order; empty where the data has none.</summary>
    public IReadOnlyList<string> Splits => [.. Entries.Select(entry => entry.Split).Where(split => split.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The images of one split; all where the set has no splits.</summary>
    /// <param name="split">Its name, in the data's own words.</param>
    /// <exception cref="DataSetException">The set has other splits only.</exception>
    public ImageSet OfSplit(string split)
    {
        ArgumentException.ThrowIfNullOrEmpty(split);
        IReadOnlyList<string> splits = Splits;
        return splits.Count == 0 ? this
            : Part(entry => entry.Split == split, () => $"{Name} has no image of the split '{split}'; it has {string.Join(", ", splits)}.");
    }

    /// <summary>The images but those of a training split (<c>train</c>, <c>training</c> or <c>0</c>), which experiments on groups never look at.</summary>
    /// <exception cref="DataSetException">There are no others.</exception>
    public ImageSet WithoutTraining() => Part(
        entry => entry.Split.Trim().ToLowerInvariant() is not ("train" or "training" or "0"),
        () => $"{Name} has images of the training split alone; those of another split are needed.");

    /// <summary>The images that pass a test, in their order, with the same classes.</summary>
    /// <param name="predicate">The test.</param>
    /// <exception cref="DataSetException">None passes.</exception>
    public ImageSet Where(Func<ImageEntry, bool> predicate) => Part(predicate, () => $"{Name}: none of its {Count} images is left.");

    ImageSet Part(Func<ImageEntry, bool> predicate, Func<string> fault)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ImageEntry[] entries = [.. Entries.Where(predicate)];
        if (entries.Length == Count)
            return this;
        return entries.Length > 0 ? new ImageSet(Name, entries, ClassNames) { AttributeNames = AttributeNames } : throw new DataSetException(fault());
    }
}

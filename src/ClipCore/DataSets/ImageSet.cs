namespace ClipCore.DataSets;

/// <summary>Images with what is known of them, in a fixed order. Immutable, safe for many threads.</summary>
public sealed partial record ImageSet
{
    /// <summary>A set of images.</summary>
    /// <param name="name">Where it came from, for people.</param>
    /// <param name="entries">The images.</param>
    /// <param name="classNames">Names of the classes that labels index; empty where the data has none.</param>
    /// <exception cref="ArgumentException">A label lies outside the names, or there is no image.</exception>
    public ImageSet(string name, IReadOnlyList<ImageEntry> entries, IReadOnlyList<string>? classNames = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(entries);
        (Name, Entries, ClassNames) = (name, [.. entries], [.. classNames ?? []]);
        if (Entries.Count == 0)
            throw new ArgumentException($"{name} holds no image.", nameof(entries));
        for (int i = 0; i < Entries.Count; i++)
            if (Entries[i].Label < -1 || (ClassNames.Count > 0 && Entries[i].Label >= ClassNames.Count))
                throw new ArgumentException(
                    $"{name}: {Entries[i].Image} has the label {Entries[i].Label}, but there are {ClassNames.Count} classes.", nameof(entries));
    }

    /// <summary>Where it came from.</summary>
    public string Name { get; }

    /// <summary>The images, in a fixed order.</summary>
    public IReadOnlyList<ImageEntry> Entries { get; }

    /// <summary>Names of the classes that labels index; empty where the data has none.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Names of what <see cref="ImageEntry.Attribute"/> counts; empty where the data has none.</summary>
    public IReadOnlyList<string> AttributeNames { get; init; } = [];

    /// <summary>Number of images.</summary>
    public int Count => Entries.Count;
}

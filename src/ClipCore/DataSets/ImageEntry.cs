namespace ClipCore.DataSets;

/// <summary>One image of a data set, and what is known of it.</summary>
/// <param name="Image">The picture.</param>
public sealed record ImageEntry(ImageSource Image)
{
    /// <summary>
    /// Its class, an index into the names of the set's classes or, where the set has no names, into a list of classes given beside; −1 without one.
    /// </summary>
    public int Label { get; init; } = -1;

    /// <summary>A second label, such as the background; −1 without one.</summary>
    public int Attribute { get; init; } = -1;

    /// <summary>Which pixels show its object; null where that is not known.</summary>
    public ImageSource? Mask { get; init; }

    /// <summary>The split it belongs to, in the data's own words; empty without one.</summary>
    public string Split { get; init; } = "";

    /// <summary>What it shows, in words; empty where that is not known.</summary>
    public string Caption { get; init; } = "";
}

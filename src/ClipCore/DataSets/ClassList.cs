namespace ClipCore.DataSets;

/// <summary>Names of classes, what identifies them in data, and the templates that make texts of them. Immutable, safe for many threads.</summary>
public sealed partial record ClassList
{
    /// <summary>A list of classes.</summary>
    /// <param name="names">What results call the classes.</param>
    /// <exception cref="ArgumentException">There is none, or one is blank.</exception>
    public ClassList(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0 || names.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("A list of classes needs at least one name, and none that is blank.", nameof(names));
        Names = [.. names];
        Prompts = Names;
    }

    /// <summary>What results call the classes. [c]</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What stands for <c>{}</c> in a template; the names where nothing else is given. [c]</summary>
    public IReadOnlyList<string> Prompts { get; init; }

    /// <summary>What data calls the classes, such as WordNet ids (<c>n01440764</c>); null where the list has none. [c]</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The list's own prompt templates with <c>{}</c> where the name goes; null without any.</summary>
    public IReadOnlyList<string>? Templates { get; init; }

    /// <summary>Number of classes (c).</summary>
    public int Count => Names.Count;
}

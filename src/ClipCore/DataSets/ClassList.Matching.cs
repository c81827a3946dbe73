namespace ClipCore.DataSets;

public sealed partial record ClassList
{
    const int NamedInMessages = 5;

    /// <summary>The classes of a set of images, in the order that its labels count them.</summary>
    /// <param name="set">
    /// The images. Where the set names its classes, each name must be a name or an id of this list, letter by letter; where it has numbers only, they index
    /// this list.
    /// </param>
    /// <returns>This list, or the part of it that the set has, in the set's order.</returns>
    /// <exception cref="DataSetException">A class is unknown here, or a label lies outside this list.</exception>
    public ClassList Match(ImageSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.ClassNames.Count > 0)
            return Match(set.ClassNames, set.Name);
        foreach (ImageEntry entry in set.Entries)
            if (entry.Label >= Count)
                throw new DataSetException(
                    $"{set.Name}: {entry.Image} has the label {entry.Label}, but the list has {Count} classes, counted from 0: "
                    + "give the list that the labels count.");
        return this;
    }

    /// <summary>The classes that data names, in the data's order.</summary>
    /// <param name="classNames">Names or ids of this list, letter by letter.</param>
    /// <param name="source">Where the names came from, for messages.</param>
    /// <returns>One class for each name, with its prompt and id, and this list's templates.</returns>
    /// <exception cref="DataSetException">A name is unknown here, or stands for several classes.</exception>
    public ClassList Match(IReadOnlyList<string> classNames, string source)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.SequenceEqual(Names, StringComparer.Ordinal))
            return this;
        int[] indices = IndicesOf(classNames, source);
        return new ClassList([.. indices.Select(index => Names[index])])
        {
            Prompts = [.. indices.Select(index => Prompts[index])],
            Ids = Ids == null ? null : [.. indices.Select(index => Ids[index])],
            Templates = Templates,
        };
    }

    /// <summary>
    /// Whether each class that data names is one of this list, by name or id, so that <see cref="Match(IReadOnlyList{string}, string)"/> finds it.
    /// </summary>
    /// <param name="classNames">Names or ids.</param>
    public bool Matches(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ILookup<string, string> byName = Names.ToLookup(name => name, StringComparer.Ordinal);
        HashSet<string> ids = new(Ids ?? [], StringComparer.Ordinal);
        return classNames.All(name => ids.Contains(name) || byName[name].Count() == 1);
    }

    /// <summary>Whether names are none that a text can be made of: WordNet ids or numbers, all of them.</summary>
    public bool HasIdsForNames => Names.All(name => IsWordNetId(name) || name.All(char.IsAsciiDigit));

    /// <summary>Where the classes that data names stand in this list.</summary>
    /// <inheritdoc cref="Match(IReadOnlyList{string}, string)"/>
    /// <returns>One index into <see cref="Names"/> for each name. [names]</returns>
    public int[] IndicesOf(IReadOnlyList<string> classNames, string source)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ILookup<string, int> byName = Enumerable.Range(0, Count).ToLookup(i => Names[i], StringComparer.Ordinal);
        ILookup<string, int> byId = Enumerable.Range(0, Ids?.Count ?? 0).ToLookup(i => Ids![i], StringComparer.Ordinal);
        int[] indices = new int[classNames.Count];
        List<string> unknown = [];
        for (int i = 0; i < indices.Length; i++)
        {
            int[] found = [.. byId[classNames[i]].Take(1)];
            if (found.Length == 0)
                found = [.. byName[classNames[i]]];
            if (found.Length > 1)
                throw new DataSetException(
                    $"{source}: '{classNames[i]}' is the name of {found.Length} classes of the list (numbers {string.Join(", ", found)}): "
                    + "use ids in the data, or give them names that differ.");
            if (found.Length == 1)
                indices[i] = found[0];
            else
                unknown.Add(classNames[i]);
        }
        return unknown.Count == 0 ? indices : throw new DataSetException(Unknown(unknown, classNames.Count, source));
    }

    string Unknown(List<string> unknown, int count, string source)
    {
        string head = $"{source}: {unknown.Count} of its {count} classes {(unknown.Count == 1 ? "is" : "are")} none of the {Count} classes of the list";
        string more = unknown.Count > NamedInMessages ? ", …" : "";
        string named = string.Join(", ", unknown.Take(NamedInMessages).Select(name => $"'{name}'")) + more;
        if (unknown.All(IsWordNetId))
            return $"{head} ({named}). These are WordNet ids: give a list of classes with ids and names, a tab between them, "
                + "or ImageNet's LOC_synset_mapping.txt.";
        if (unknown.All(name => name.All(char.IsAsciiDigit)))
            return $"{head} ({named}). Names that are numbers are names, not indices: give a list of classes with ids and names, a tab between them, "
                + "or set ImageSetOptions.NumericClassFolders if folders count the list's classes from 0.";
        named = string.Join(", ", unknown.Take(NamedInMessages).Select(name => EditDistance.Nearest(name, Names, 3) is { Length: > 0 } nearest
            ? $"'{name}' (nearest: {string.Join(", ", nearest.Select(other => $"'{other}'"))})" : $"'{name}'")) + more;
        return $"{head}: {named}. Give a list of classes that has them, as names, or as ids and names with a tab between them.";
    }
}

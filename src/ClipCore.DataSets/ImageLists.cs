namespace ClipCore.DataSets;

/// <summary>Lists of images as files: CSV, TSV, JSON, JSON lines, paths. Safe for many threads.</summary>
/// <remarks>
/// Columns (members, in JSON) go by their names, in any case and order: <c>image</c> (or <c>img_filename</c>, <c>path</c>, <c>file</c>, <c>filename</c>), and
/// if you like <c>label</c> (or <c>y</c>, <c>class</c>), <c>attribute</c> (or <c>place</c>, <c>group</c>), <c>mask</c>, <c>split</c>, <c>caption</c> (or
/// <c>text</c>); others are passed over. Paths are relative to the list. A list with the columns of Waterbirds (<c>img_filename, y, split, place</c>) whose
/// labels are 0 and 1 gets the names that these numbers stand for.
/// <para>
/// Labels and attributes are numbers if all of them are: whole ones in any spelling (3, +3, 3.0, 3e0); they count the classes of a list given beside, from 0.
/// They are words if none is a number: the set's names are the words in ordinal order. Some of each are refused. No label is an empty field, null, NaN, NA,
/// N/A, None (as pandas reads them) or −1.
/// </para>
/// </remarks>
public static class ImageLists
{
    /// <summary>Reads a list; the end of its name says which kind it is: .csv, .tsv, .json, .jsonl or .ndjson, .txt (one path a line).</summary>
    /// <param name="path">The list.</param>
    /// <param name="options">How to read it; null for the usual way.</param>
    /// <exception cref="DataSetException">It is none of them, or a line of it can't be used.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static ImageSet Load(string path, ImageSetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new DataSetException($"{path} does not exist.");
        return Parse(path, File.ReadAllBytes(path), Path.GetDirectoryName(Path.GetFullPath(path))!, options);
    }

    /// <summary>Reads a list from memory.</summary>
    /// <param name="name">What the file is called; its end says which kind it is.</param>
    /// <param name="bytes">The file: UTF-8, with a byte-order mark or without.</param>
    /// <param name="folder">What its paths are relative to.</param>
    /// <param name="options">How to read it; null for the usual way.</param>
    /// <exception cref="DataSetException">It is none of the kinds, or a line of it can't be used.</exception>
    public static ImageSet Parse(string name, ReadOnlySpan<byte> bytes, string folder, ImageSetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new ImageSetOptions();
        string text = TextLines.Decode(name, bytes);
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" => DelimitedList.Read(name, text, ',', folder, options),
            ".tsv" => DelimitedList.Read(name, text, '\t', folder, options),
            ".json" or ".jsonl" or ".ndjson" => JsonList.Read(name, text, folder, options),
            ".txt" => ListRows.ToSet(name, Paths(text), folder, options),
            _ => throw new DataSetException($"{name} is no list of images: its name must end in .csv, .tsv, .json, .jsonl, .ndjson or .txt."),
        };
    }

    static List<ListRow> Paths(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.TrimEntries).Select((line, i) => new ListRow($"line {i + 1}", line, "", "", "", "", ""))
            .Where(row => row.Image.Length > 0),
    ];
}

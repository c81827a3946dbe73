using System.Globalization;
using System.Text.Json;

namespace ClipCore.Cli.Data;

/// <summary>Pictures with what is known of them.</summary>
/// <param name="Name">Where they came from.</param>
/// <param name="Entries">The pictures, in a fixed order.</param>
/// <param name="ClassNames">Names of the classes; empty where they have none.</param>
sealed record ImageSet(string Name, ImageEntry[] Entries, string[] ClassNames)
{
    static readonly string[] s_extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>Opens a data set: a folder of pictures, a folder of folders (one a class), a folder with the metadata.csv of Waterbirds, or a list (CSV or JSON).</summary>
    /// <exception cref="UserException">It is none of them, or empty.</exception>
    public static ImageSet Open(string path)
    {
        if (File.Exists(path))
            return Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".csv" => FromCsv(path),
                ".json" => FromJson(path),
                _ => throw new UserException($"{path} is no data set: name a folder of pictures, or a list (.csv or .json)."),
            };
        if (!Directory.Exists(path))
            throw new UserException($"{path} does not exist: name a folder of pictures, or a list (.csv or .json).");
        string metadata = Path.Combine(path, "metadata.csv");
        return File.Exists(metadata) ? FromCsv(metadata) : FromFolder(path);
    }

    /// <summary>The same set as a type of the library.</summary>
    /// <param name="fullPaths">Whether images are called by their full paths, in place of the paths that were given.</param>
    public DataSets.ImageSet ToLibrary(bool fullPaths = false) => new(
        Name,
        [
            .. Entries.Select(entry => new DataSets.ImageEntry(DataSets.ImageSource.OfFile(entry.Path, fullPaths ? System.IO.Path.GetFullPath(entry.Path) : null))
            {
                Label = entry.Label,
                Attribute = entry.Attribute,
                Mask = entry.Mask == null ? null : DataSets.ImageSource.OfFile(entry.Mask),
                Split = entry.Split,
                Caption = entry.Caption,
            }),
        ],
        ClassNames);

    /// <summary>The pictures but those of a training split, which the experiments on groups never look at.</summary>
    /// <exception cref="UserException">There are no others.</exception>
    public ImageSet WithoutTraining()
    {
        ImageEntry[] entries = [.. Entries.Where(entry => entry.Split.Trim().ToLowerInvariant() is not ("train" or "training" or "0"))];
        return entries.Length > 0 ? this with { Entries = entries } : throw new UserException($"{Name} has pictures of the training split alone; those of the test split are needed.");
    }

    /// <summary>The pictures of one split; all where the set has none.</summary>
    public ImageSet OfSplit(string split)
    {
        if (Entries.All(entry => entry.Split.Length == 0))
            return this;
        ImageEntry[] entries = [.. Entries.Where(entry => entry.Split == split)];
        return entries.Length > 0 ? this with { Entries = entries }
            : throw new UserException($"{Name} has no picture of the split '{split}'; it has {string.Join(", ", Entries.Select(entry => entry.Split).Distinct().Order(StringComparer.Ordinal))}.");
    }

    static ImageSet FromFolder(string folder)
    {
        string[] classes = [.. Directory.GetDirectories(folder).Where(sub => Pictures(sub).Length > 0).Order(StringComparer.Ordinal)];
        ImageEntry[] entries = classes.Length > 0
            ? [.. classes.SelectMany((sub, label) => Pictures(sub).Select(path => new ImageEntry(path, label)))]
            : [.. Pictures(folder).Select(path => new ImageEntry(path))];
        return entries.Length > 0 ? new ImageSet(folder, entries, [.. classes.Select(sub => Path.GetFileName(sub))])
            : throw new UserException($"{folder} holds no PNG or JPEG picture, and no folder with some.");
    }

    static string[] Pictures(string folder) => [.. Directory.GetFiles(folder).Where(path => s_extensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal)];

    /// <summary>Columns by name: image (or img_filename, path, file); label (or y, class); attribute (or place, group); mask; split; caption (or text).</summary>
    static ImageSet FromCsv(string path)
    {
        List<string[]> rows = [.. File.ReadAllLines(path).Where(line => line.Trim().Length > 0).Select(SplitCsv)];
        if (rows.Count < 2)
            throw new UserException($"{path} lists no picture: the first line names the columns, each further line is a picture.");
        string[] header = rows[0];
        int image = Column(header, "image", "img_filename", "path", "file", "filename"), label = Column(header, "label", "y", "class");
        int attribute = Column(header, "attribute", "place", "group"), mask = Column(header, "mask"), split = Column(header, "split");
        int caption = Column(header, "caption", "text");
        if (image < 0)
            throw new UserException($"{path} has the columns {string.Join(", ", header)}, but none is called image (or img_filename, path, file).");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] names = label < 0 ? [] : LabelNames(rows, label);
        ImageEntry[] entries = new ImageEntry[rows.Count - 1];
        for (int i = 1; i < rows.Count; i++)
        {
            string[] row = rows[i];
            if (row.Length != header.Length)
                throw new UserException($"{path}, line {i + 1}: {row.Length} fields, but the first line names {header.Length}.");
            entries[i - 1] = new ImageEntry(
                Resolve(folder, row[image]), label < 0 ? -1 : Index(row[label], names, path, i), attribute < 0 ? -1 : Whole(row[attribute], path, i),
                mask < 0 || row[mask].Length == 0 ? null : Resolve(folder, row[mask]), split < 0 ? "" : row[split],
                caption < 0 ? "" : row[caption]);
        }
        return new ImageSet(path, entries, names);
    }

    /// <summary>An array of paths, or of objects with image, label, attribute, mask, split and caption.</summary>
    static ImageSet FromJson(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            List<string[]> rows = [];
            foreach (JsonElement item in json.RootElement.EnumerateArray())
                rows.Add(item.ValueKind == JsonValueKind.String ? [item.GetString()!, "", "", "", "", ""]
                    : [item.GetProperty("image").GetString()!, Text(item, "label"), Text(item, "attribute"), Text(item, "mask"), Text(item, "split"), Text(item, "caption")]);
            if (rows.Count == 0)
                throw new UserException($"{path} lists no picture.");
            string[] names = LabelNames([[], .. rows], 1);
            return new ImageSet(path, [.. rows.Select((row, i) => new ImageEntry(
                Resolve(folder, row[0]), row[1].Length == 0 ? -1 : Index(row[1], names, path, i), row[2].Length == 0 ? -1 : Whole(row[2], path, i),
                row[3].Length == 0 ? null : Resolve(folder, row[3]), row[4], row[5]))], names);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UserException($"{path} is no list of pictures ({exception.Message}): give an array of paths, or of objects with image, label, attribute, mask.");
        }
    }

    static string Text(JsonElement item, string name) => item.TryGetProperty(name, out JsonElement value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText() : "";

    /// <summary>Names of classes, where labels are words; labels that are numbers stand for themselves.</summary>
    static string[] LabelNames(List<string[]> rows, int column)
    {
        string[] labels = [.. rows.Skip(1).Select(row => row.ElementAtOrDefault(column) ?? "").Where(label => label.Length > 0).Distinct()];
        return labels.All(label => int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? [] : [.. labels.Order(StringComparer.Ordinal)];
    }

    static int Index(string label, string[] names, string path, int line) => names.Length > 0 ? Array.IndexOf(names, label) : Whole(label, path, line);

    static int Whole(string text, string path, int line) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value
        : throw new UserException($"{path}, line {line + 1}: '{text}' is no whole number.");

    static string Resolve(string folder, string path) => Path.IsPathRooted(path) ? path : Path.Combine(folder, path);

    static int Column(string[] header, params string[] names) => Array.FindIndex(header, name => names.Contains(name.Trim().ToLowerInvariant()));

    static string[] SplitCsv(string line)
    {
        List<string> fields = [];
        System.Text.StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[++i]);
            else if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
                field.Append(c);
        }
        fields.Add(field.ToString().Trim());
        return [.. fields];
    }
}

namespace ClipCore.DataSets;

/// <summary>Classes of a flat folder's pictures by a file beside them, as ImageNet's validation images have it.</summary>
static class GroundTruth
{
    const string Solution = "LOC_val_solution.csv";

    /// <summary>The file that says the classes; null where the folder needs none.</summary>
    public static string? Find(string folder, ImageSet set, ImageSetOptions options)
    {
        if (options.GroundTruth != null)
            return File.Exists(options.GroundTruth) ? options.GroundTruth
                : throw new DataSetException($"{options.GroundTruth} does not exist: ImageSetOptions.GroundTruth names it.");
        if (set.ClassNames.Count > 0)
            return null;
        string above = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? folder;
        foreach (string place in (string[])[folder, above])
        {
            string path = Path.Combine(place, Solution);
            if (File.Exists(path) && Pairs(path) is { } pairs && set.Entries.Any(entry => pairs.ContainsKey(Stem(entry))))
                return path;
        }
        return null;
    }

    /// <summary>The set with the classes that the file says.</summary>
    public static ImageSet Apply(string path, ImageSet set, ImageSetOptions options)
    {
        string[] classes = new string[set.Count];
        if (Pairs(path) is { } pairs)
        {
            for (int i = 0; i < classes.Length; i++)
                classes[i] = pairs.TryGetValue(Stem(set.Entries[i]), out string? found) ? found
                    : throw new DataSetException($"{path} says no class for {set.Entries[i].Image}: give the list of these pictures.");
        }
        else
        {
            classes = [.. TextLines.Parse(path, File.ReadAllBytes(path))];
            if (classes.Length != set.Count)
                throw new DataSetException(
                    $"{path} has {classes.Length} classes, but {set.Name} has {set.Count} pictures: one line is one picture, in the order of their names.");
        }
        LabelColumn labels = LabelColumn.Read(path, [.. classes.Select((name, i) => ($"line {i + 1}", name))], areNames: false);
        if (labels.Names.Length == 0 && !options.NumbersAreIndices)
            throw new DataSetException(
                $"{path} has numbers for classes, and which list they count is not said (ImageNet's own ground truth counts from 1, in an order of its own): "
                + "give WordNet ids or names, or set ImageSetOptions.NumbersAreIndices if they count the list of classes from 0.");
        return new ImageSet(set.Name, [.. set.Entries.Select((entry, i) => entry with { Label = labels.Labels[i] })], labels.Names);
    }

    /// <summary>For each file's name without its end, its class; null where the file holds classes alone.</summary>
    static Dictionary<string, string>? Pairs(string path)
    {
        string text = TextLines.Decode(path, File.ReadAllBytes(path));
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            // ImageId,PredictionString: the class of the first object and its box, then further ones.
            foreach ((int line, string[] fields) in DelimitedList.Lines(path, text, ',').Skip(1))
            {
                if (fields.Length < 2 || fields[1].Split(' ')[0].Length == 0)
                    throw new DataSetException($"{path}, line {line}: an image and its class are needed.");
                Add(path, line, pairs, fields[0], fields[1].Split(' ')[0]);
            }
            return pairs;
        }
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            string[] words = lines[i].Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 2 && ImageEnd(words[0]))
                Add(path, i + 1, pairs, words[0], words[1]);
            else if (words.Length > 0 && pairs.Count > 0)
                throw new DataSetException($"{path}, line {i + 1}: '{lines[i]}' is not a picture and its class, but other lines are.");
        }
        return pairs.Count > 0 ? pairs : null;
    }

    static bool ImageEnd(string name) => Path.GetExtension(name).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg";

    static void Add(string path, int line, Dictionary<string, string> pairs, string image, string name)
    {
        string stem = ImageEnd(image) ? Path.GetFileNameWithoutExtension(image) : Path.GetFileName(image);
        if (!pairs.TryAdd(stem, name) && pairs[stem] != name)
            throw new DataSetException($"{path}, line {line}: '{image}' stands there twice, with different classes.");
    }

    static string Stem(ImageEntry entry) => Path.GetFileNameWithoutExtension(entry.Image.Name);
}

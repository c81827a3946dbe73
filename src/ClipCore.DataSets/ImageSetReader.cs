namespace ClipCore.DataSets;

/// <summary>Opens data by what lies at a path. Safe for many threads.</summary>
public static class ImageSetReader
{
    const string Metadata = "metadata.csv";

    /// <summary>Opens a set of images.</summary>
    /// <remarks>
    /// A file is a list (see <see cref="ImageLists"/>) or a single picture. A folder with a <c>metadata.csv</c> that names images is that list, as Waterbirds
    /// has it. A flat folder of ImageNet's validation images gets its classes from <see cref="ImageSetOptions.GroundTruth"/> or from a
    /// <c>LOC_val_solution.csv</c> in it or beside it. Any other folder is read by <see cref="ImageSet.FromFolder"/>: folders in it are classes.
    /// </remarks>
    /// <param name="path">A folder, a list or a picture.</param>
    /// <param name="options">How to read it; null for the usual way.</param>
    /// <exception cref="DataSetException">It is none of them, empty, or a line of a list can't be used.</exception>
    /// <exception cref="IOException">A file is unreadable.</exception>
    public static ImageSet Open(string path, ImageSetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ImageSetOptions();
        if (File.Exists(path))
            return Path.GetExtension(path).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg" ? ImageSet.FromFiles([path]) : ImageLists.Load(path, options);
        if (!Directory.Exists(path))
            throw new DataSetException($"{path} does not exist: name a folder of pictures or a list (.csv, .tsv, .json, .jsonl, .txt).");
        string metadata = Path.Combine(path, Metadata);
        if (options.GroundTruth == null && File.Exists(metadata))
            return ImageLists.Load(metadata, options);
        ImageSet set = ImageSet.FromFolder(path);
        if (GroundTruth.Find(path, set, options) is { } truth)
            return GroundTruth.Apply(truth, set, options);
        return options.NumericClassFolders ? ByNumber(set) : set;
    }

    /// <summary>Class folders that are called by numbers, with these as labels.</summary>
    static ImageSet ByNumber(ImageSet set)
    {
        if (set.ClassNames.Count == 0)
            throw new DataSetException($"{set.Name} has no class folders, but ImageSetOptions.NumericClassFolders wants some that are called by numbers.");
        LabelColumn numbers = LabelColumn.Read(set.Name, [.. set.ClassNames.Select(name => ("a folder", name))], areNames: false);
        if (numbers.Names.Length > 0 || numbers.Labels.Contains(-1))
            throw new DataSetException(
                $"{set.Name} has the folder '{(numbers.Names.Length > 0 ? numbers.Names[0] : "-1")}', "
                + "but ImageSetOptions.NumericClassFolders wants all called by whole numbers, from 0.");
        return new ImageSet(set.Name, [.. set.Entries.Select(entry => entry with { Label = entry.Label < 0 ? -1 : numbers.Labels[entry.Label] })]);
    }
}

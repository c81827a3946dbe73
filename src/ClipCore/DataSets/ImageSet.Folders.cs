namespace ClipCore.DataSets;

public sealed partial record ImageSet
{
    static readonly string[] s_extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>
    /// The pictures of a folder, to any depth. A folder directly in it that holds pictures, itself or below, is a class of that name; pictures that lie
    /// directly in it are without a class, and come first.
    /// </summary>
    /// <remarks>
    /// Files that end in <c>.png</c>, <c>.jpg</c> or <c>.jpeg</c>, in any case, are pictures; files and folders whose name begins with a dot are not looked
    /// at. The order is the ordinal one of names: of the classes, then of what lies in each. Links are followed, but not in a circle.
    /// </remarks>
    /// <param name="path">The folder.</param>
    /// <exception cref="DataSetException">It does not exist, holds no picture, or holds a folder whose name is not UTF-8.</exception>
    /// <exception cref="IOException">A folder is unreadable.</exception>
    public static ImageSet FromFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            throw new DataSetException($"{path} is no folder: name a folder of pictures.");
        (string[] files, string[] folders) = Children(path);
        List<ImageEntry> entries = [.. files.Select(file => Entry(path, file, -1))];
        List<string> classes = [];
        string real = Path.GetFullPath(path);
        foreach (string folder in folders)
        {
            List<string> found = [];
            Collect(path, folder, [real], found);
            if (found.Count == 0)
                continue;
            entries.AddRange(found.Select(file => Entry(path, file, classes.Count)));
            classes.Add(folder);
        }
        return entries.Count > 0 ? new ImageSet(path, entries, classes)
            : throw new DataSetException($"{path} holds no PNG or JPEG picture, and no folder with some.");
    }

    /// <summary>Pictures by their files, in the order given; nothing else is known of them.</summary>
    /// <param name="paths">The files; they are opened when they are read.</param>
    /// <param name="name">Where the list came from, for people; null for words of its own.</param>
    /// <exception cref="ArgumentException">There is none, or one is empty.</exception>
    public static ImageSet FromFiles(IReadOnlyList<string> paths, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        name ??= paths.Count == 1 && paths[0]?.Length > 0 ? paths[0] : $"{paths.Count} files";
        return new ImageSet(name, [.. paths.Select(path => new ImageEntry(ImageSource.OfFile(path)))]);
    }

    /// <summary>Whether a file's name ends as a picture's does, and is not hidden.</summary>
    internal static bool IsPicture(string path)
    {
        string name = Path.GetFileName(path);
        return name.Length > 0 && name[0] != '.' && s_extensions.Contains(Path.GetExtension(name).ToLowerInvariant());
    }

    static ImageEntry Entry(string root, string relative, int label) => new(ImageSource.OfFile(Path.Combine(root, relative))) { Label = label };

    /// <summary>
    /// All pictures in a folder and below, as paths relative to the root. The folders on the way here are known by what they are called without links:
    /// a link to one of them would lead in a circle.
    /// </summary>
    static void Collect(string root, string folder, List<string> above, List<string> found)
    {
        string path = Path.Combine(root, folder);
        DirectoryInfo info = new(path);
        string real = info.LinkTarget != null ? info.ResolveLinkTarget(returnFinalTarget: true)!.FullName : Path.Combine(above[^1], info.Name);
        if (above.Contains(real))
            return;
        above.Add(real);
        (string[] files, string[] folders) = Children(path);
        found.AddRange(files.Select(file => Path.Combine(folder, file)));
        foreach (string sub in folders)
            Collect(root, Path.Combine(folder, sub), above, found);
        above.RemoveAt(above.Count - 1);
    }

    /// <summary>Names of the pictures and folders directly in a folder that are not hidden, in ordinal order.</summary>
    static (string[] Files, string[] Folders) Children(string path)
    {
        if (path.Contains('\uFFFD', StringComparison.Ordinal) && !Directory.Exists(path))
            throw new DataSetException($"{path}: the folder's name is not UTF-8, so that what lies in it can't be opened: rename it.");
        string[] files = [.. Directory.EnumerateFiles(path).Where(IsPicture).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        string[] folders =
        [
            .. Directory.EnumerateDirectories(path).Select(folder => Path.GetFileName(folder)).Where(name => name[0] != '.').Order(StringComparer.Ordinal),
        ];
        return (files, folders);
    }
}

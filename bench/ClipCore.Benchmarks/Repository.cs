namespace ClipCore.Benchmarks;

/// <summary>Where the sources lie.</summary>
static class Repository
{
    /// <summary>The folder of the solution, above the folder of this program.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder below the root.</summary>
    public static string File(string path) => Path.Combine(Root, path);

    static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "ClipCore.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"ClipCore.sln is in no folder above {AppContext.BaseDirectory}: run the benchmarks from a clone.");
    }
}

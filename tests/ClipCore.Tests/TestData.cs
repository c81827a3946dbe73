namespace ClipCore.Tests;

/// <summary>Where test data lies: in the repository, or beside it for what may not be copied.</summary>
static class TestData
{
    /// <summary>The repository's root: the folder that holds <c>ClipCore.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path under <c>tests/ClipCore.Tests/Golden</c>, or of the whole file or folder where the repository keeps it packed.</summary>
    public static string Golden(string path) => PackedGolden.Resolve(Path.Combine(Root, "tests", "ClipCore.Tests", "Golden"), path);

    /// <summary>A path under <c>tests/ClipCore.Tests/Cases</c>: inputs that were answered wrongly once.</summary>
    public static string Case(string path) => Path.Combine(Root, "tests", "ClipCore.Tests", "Cases", path);

    /// <summary>A path under <c>weights/demo</c>.</summary>
    public static string Demo(string path = "") => Path.Combine(Root, "weights", "demo", path);

    /// <summary>A path beside the repository; the running test is skipped, with a message, where it is absent.</summary>
    public static string BesideProject(string path)
    {
        string full = Path.GetFullPath(Path.Combine(Root, "..", "shared", path));
        if (!File.Exists(full) && !Directory.Exists(full))
            Assert.Ignore($"'{path}' does not lie beside the project: skipped.");
        return full;
    }

    static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder != null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "ClipCore.sln")))
                return folder;
        throw new InvalidOperationException($"No ClipCore.sln above {AppContext.BaseDirectory}.");
    }
}

using ClipCore.Cli;
using ClipCore.DataSets;
using ClipCore.EffectSets;

namespace ClipCore.Tests.EffectSets;

/// <summary>The demo model, a few of its birds with everything that can be known of an image, and a store of them.</summary>
sealed class StoreFixture : IDisposable
{
    public const int Count = 200;

    readonly TemporaryFolder _folder = new();

    public StoreFixture()
    {
        Model = ClipModel.Load(TestData.Demo());
        Images = Birds(Count);
        EffectStore.Run(Model, Images, Whole, Options);
    }

    public static ClassList Classes { get; } = new(["land bird", "water bird"])
    {
        Prompts = ["bird of the land", "bird of the water"],
        Ids = ["n1", "n2"],
        Templates = ["a photo of a {}."],
    };

    public static StoreOptions Options { get; } = new() { Classes = Classes };

    public ClipModel Model { get; }

    public ImageSet Images { get; }

    /// <summary>A finished store of all images.</summary>
    public string Whole => Path("whole");

    public string Path(string name) => _folder.File(name);

    public static ImageSet Birds(int count) => new("birds", [.. Enumerable.Range(0, count).Select(Bird)]);

    public static ImageEntry Bird(int i) => new(ImageSource.OfFile(TestData.Demo($"data/waterbirds/{i:0000}.png"), $"birds/{i}.png"))
    {
        Label = i % 3 == 0 ? -1 : i % 2,
        Attribute = i / 7 % 2,
        Split = i % 5 == 0 ? "" : i % 2 == 0 ? "val" : "test",
        Caption = i % 4 == 0 ? "" : $"Vogel \"{i}\", groß\nam Wasser",
        Mask = i % 2 == 0 ? null : ImageSource.OfFile("nowhere.png", $"masks/{i}.png"),
    };

    /// <summary>A copy of a folder.</summary>
    public string Copy(string from, string name)
    {
        string to = Path(name);
        Directory.CreateDirectory(to);
        foreach (string path in Directory.GetFiles(from))
            if (System.IO.Path.GetFileName(path) != "store.lock")
                File.Copy(path, System.IO.Path.Combine(to, System.IO.Path.GetFileName(path)));
        return to;
    }

    /// <summary>Two folders hold the same files with the same bytes.</summary>
    public static void AssertSame(string actual, string expected)
    {
        static string[] Names(string folder) =>
            [.. Directory.GetFileSystemEntries(folder).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.That(Names(actual), Is.EqualTo(Names(expected)));
        foreach (string name in Names(expected))
            Assert.That(File.ReadAllBytes(System.IO.Path.Combine(actual, name)), Is.EqualTo(File.ReadAllBytes(System.IO.Path.Combine(expected, name))), name);
    }

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }

    /// <summary>Progress that acts at once, in the thread that reports.</summary>
    public sealed class Told(Action<int> act) : IProgress<int>
    {
        public void Report(int value) => act(value);
    }
}

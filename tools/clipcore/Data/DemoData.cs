using System.Text.Json;
using ClipCore.DataSets;

namespace ClipCore.Cli.Data;

/// <summary>The built-in model's data sets, which lie in the repository: scenes with masks, and birds on land and water.</summary>
static class DemoData
{
    /// <summary>A file or folder of the demo model's.</summary>
    /// <exception cref="UserException">The program does not run from a clone.</exception>
    public static string Path(string name) => Find(name)
        ?? throw new UserException(
            $"the built-in model's data is not here (weights/demo/{name}): run from a clone of the repository, or name data of your own.");

    /// <summary>A file or folder of the demo model's; null where the program does not run from a clone.</summary>
    public static string? Find(string name)
    {
        foreach (string start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
            for (string? folder = start; folder != null; folder = System.IO.Path.GetDirectoryName(folder))
            {
                string path = System.IO.Path.Combine(folder, "weights", "demo", name);
                if (System.IO.Path.Exists(path))
                    return path;
            }
        return null;
    }

    /// <summary>The scenes; those of a single object have its class as label and its mask.</summary>
    public static ImageSet Scenes()
    {
        string folder = Path("data/scenes");
        string[] classes = [.. DemoModel.Classes().Names];
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(folder, "scenes.json")));
        ImageSource Source(string name) => ImageSource.OfFile(System.IO.Path.Combine(folder, name));
        ImageEntry[] entries =
        [
            .. json.RootElement.GetProperty("scenes").EnumerateArray().Select(scene => new ImageEntry(Source(scene.GetProperty("image").GetString()!))
            {
                Label = scene.GetProperty("kind").GetString() == "single"
                    ? Array.IndexOf(classes, scene.GetProperty("objects")[0].GetProperty("name").GetString()) : -1,
                Mask = Source(scene.GetProperty("mask").GetString()!),
                Caption = scene.GetProperty("caption").GetString()!,
            }),
        ];
        return new ImageSet(folder, entries, classes);
    }

    /// <summary>The scenes of a single object.</summary>
    public static ImageSet SingleObjects() => Scenes().Where(entry => entry.Label >= 0);

    /// <summary>The birds: class 0 land bird, 1 water bird; attribute 0 land, 1 water.</summary>
    public static ImageSet Waterbirds() => ImageSetReader.Open(Path("data/waterbirds"));
}

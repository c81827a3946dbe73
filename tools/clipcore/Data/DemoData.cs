using System.Text.Json;

namespace ClipCore.Cli.Data;

/// <summary>The built-in model's data sets, which lie in the repository: scenes with masks, and birds on land and water.</summary>
static class DemoData
{
    /// <summary>A file or folder of the demo model's.</summary>
    /// <exception cref="UserException">The program does not run from a clone.</exception>
    public static string Path(string name)
    {
        foreach (string start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
            for (string? folder = start; folder != null; folder = System.IO.Path.GetDirectoryName(folder))
            {
                string path = System.IO.Path.Combine(folder, "weights", "demo", name);
                if (System.IO.Path.Exists(path))
                    return path;
            }
        throw new UserException($"the built-in model's data is not here (weights/demo/{name}): run from a clone of the repository, or name data of your own.");
    }

    /// <summary>The scenes; those of a single object have its class as label and its mask.</summary>
    /// <param name="classNames">Names of the classes, in their order.</param>
    public static ImageSet Scenes(string[] classNames)
    {
        string folder = Path("data/scenes");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(folder, "scenes.json")));
        ImageEntry[] entries =
        [
            .. json.RootElement.GetProperty("scenes").EnumerateArray().Select(scene => new ImageEntry(
                System.IO.Path.Combine(folder, scene.GetProperty("image").GetString()!),
                scene.GetProperty("kind").GetString() == "single" ? Array.IndexOf(classNames, scene.GetProperty("objects")[0].GetProperty("name").GetString()) : -1,
                Mask: System.IO.Path.Combine(folder, scene.GetProperty("mask").GetString()!),
                Caption: scene.GetProperty("caption").GetString()!)),
        ];
        return new ImageSet(folder, entries, classNames);
    }

    /// <summary>The birds: class 0 land bird, 1 water bird; attribute 0 land, 1 water.</summary>
    public static ImageSet Waterbirds() => ImageSet.Open(Path("data/waterbirds"));
}

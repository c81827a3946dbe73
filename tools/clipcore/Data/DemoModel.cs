using System.Reflection;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.DataSets;
using ClipCore.Safetensors;
using ClipCore.Text;

namespace ClipCore.Cli.Data;

/// <summary>The small model inside the program, so that it explains pictures without a download.</summary>
static class DemoModel
{
    /// <summary>What it is called in messages and results.</summary>
    public const string Name = "demo (built in)";

    const string ClassesName = "classes.json";

    /// <summary>Loads it.</summary>
    public static ClipModel Load(ClipModelOptions options)
    {
        using Checkpoint checkpoint = OpenCheckpoint(new CheckpointOptions { Towers = options.Towers, Activation = options.Activation });
        ClipTokenizer? tokenizer = null;
        if (checkpoint.Config.Text != null)
            tokenizer = options.TokenizerPath is { } path ? ClipTokenizer.Load(path) : LoadTokenizer();
        return ClipModel.Load(checkpoint, tokenizer, options with { Name = Name });
    }

    /// <summary>Opens its weights.</summary>
    public static Checkpoint OpenCheckpoint(CheckpointOptions? options = null) => Checkpoint.Open(
        SafetensorsFile.Open((UnmanagedMemoryStream)Open("model.safetensors"), Name), Read("open_clip_config.json"), null, options);

    /// <summary>Its own vocabulary.</summary>
    public static ClipTokenizer LoadTokenizer()
    {
        using Stream vocab = Open("vocab.json"), merges = Open("merges.txt");
        return ClipTokenizer.Load(vocab, merges, Name);
    }

    /// <summary>Its classes of objects.</summary>
    public static ClassList Classes() => ClassList.Parse(ClassesName, Read(ClassesName));

    /// <summary>Its classes of birds, by the names that the Waterbirds data has.</summary>
    public static ClassList Birds()
    {
        using JsonDocument json = JsonDocument.Parse(Read(ClassesName));
        string[] Strings(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
        return new ClassList(["landbird", "waterbird"]) { Prompts = Strings("waterbirds_classes"), Templates = Strings("waterbirds_templates") };
    }

    /// <summary>The phrases that stand for backgrounds in its pool.</summary>
    public static string[] BackgroundWords()
    {
        using JsonDocument json = JsonDocument.Parse(Read(ClassesName));
        return
        [
            .. json.RootElement.GetProperty("backgrounds").EnumerateObject()
                .SelectMany(background => background.Value.EnumerateObject().SelectMany(kind => kind.Value.EnumerateArray()))
                .Select(phrase => phrase.GetString()!).Append("against").Distinct(),
        ];
    }

    /// <summary>Its own pool of texts.</summary>
    public static TextPool Pool() => TextPool.Parse("the built-in pool", Read("descriptions.txt"));

    /// <summary>A file that belongs to it.</summary>
    public static byte[] Read(string name)
    {
        using Stream stream = Open(name);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Whether a file belongs to it.</summary>
    public static bool Has(string name) => Assembly.GetExecutingAssembly().GetManifestResourceInfo($"demo/{name}") != null;

    static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream($"demo/{name}")!;
}

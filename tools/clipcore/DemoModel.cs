using System.Reflection;
using ClipCore.Checkpoints;
using ClipCore.Safetensors;
using ClipCore.Text;

namespace ClipCore.Cli;

/// <summary>The small model inside the program, so that it explains pictures without a download.</summary>
static class DemoModel
{
    /// <summary>What it is called in messages and results.</summary>
    public const string Name = "demo (built in)";

    /// <summary>Loads it.</summary>
    public static ClipModel Load(ClipModelOptions options)
    {
        using Checkpoint checkpoint = OpenCheckpoint(options.Checkpoint);
        ClipTokenizer? tokenizer = null;
        if (checkpoint.Config.Text != null)
            tokenizer = options.TokenizerPath is { } path ? ClipTokenizer.Load(path) : LoadTokenizer();
        return ClipModel.Load(checkpoint, tokenizer, options);
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

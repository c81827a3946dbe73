using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Files;
using ClipCore.Lanes;

namespace ClipCore.Cli.Commands;

/// <summary>The facts about a loaded model, for people and for programs.</summary>
sealed class ModelSummary(ClipModel model, string name)
{
    public void Print(TextWriter output)
    {
        CheckpointInfo checkpoint = model.Checkpoint;
        ClipConfig config = model.Config;
        output.WriteLine($"model        {name}");
        output.WriteLine($"dialect      {checkpoint.Dialect}");
        if (config.Vision is { } vision)
            output.WriteLine($"vision       ViT/{vision.PatchSize}, {vision.ImageSize} pixels, {Tower(vision)}");
        if (config.Text is { } text)
            output.WriteLine($"text         context {text.ContextLength}, vocabulary {text.VocabularySize}, {Tower(text)}");
        output.WriteLine($"shared width {config.EmbedWidth}");
        output.WriteLine($"logit scale  {model.LogitScale.ToString("0.####", CultureInfo.InvariantCulture)}");
        output.WriteLine($"parameters   {checkpoint.ParameterCount.ToString("N0", CultureInfo.InvariantCulture)}");
        output.WriteLine($"stored as    {string.Join(", ", Types().Select(type => $"{type.Name} ({type.Count} tensors)"))}; {Megabytes(checkpoint.FileLength)} MB of files");
        output.WriteLine($"in memory    {Megabytes(model.ResidentBytes)} MB of weights");
        output.WriteLine($"tokenizer    {model.Tokenizer?.Source ?? "none: texts can be given as token ids only"}");
        output.WriteLine($"sha-256      {checkpoint.Sha256}");
        output.WriteLine($"runs with    {model.Isa}, {model.ThreadCount} {(model.ThreadCount == 1 ? "thread" : "threads")}");
        foreach (string oddity in checkpoint.Oddities)
            output.WriteLine($"note         {oddity}");
    }

    public void Write(Utf8JsonWriter json)
    {
        CheckpointInfo checkpoint = model.Checkpoint;
        ClipConfig config = model.Config;
        json.WriteStartObject();
        json.WriteString("model", name);
        json.WriteString("dialect", checkpoint.Dialect.ToString());
        json.WriteNumber("embedWidth", config.EmbedWidth);
        json.WriteNumber("logitScale", model.LogitScale);
        json.WriteNumber("parameters", checkpoint.ParameterCount);
        json.WriteStartObject("dtypes");
        foreach ((string type, int count) in Types())
            json.WriteNumber(type, count);
        json.WriteEndObject();
        json.WriteNumber("fileBytes", checkpoint.FileLength);
        json.WriteNumber("memoryBytes", model.ResidentBytes);
        json.WriteString("sha256", checkpoint.Sha256);
        if (config.Vision is { } vision)
        {
            json.WriteStartObject("vision");
            json.WriteNumber("imageSize", vision.ImageSize);
            json.WriteNumber("patchSize", vision.PatchSize);
            WriteTower(json, vision);
        }
        if (config.Text is { } text)
        {
            json.WriteStartObject("text");
            json.WriteNumber("contextLength", text.ContextLength);
            json.WriteNumber("vocabularySize", text.VocabularySize);
            WriteTower(json, text);
        }
        json.WriteString("tokenizer", model.Tokenizer?.Source);
        json.WriteString("instructionSet", model.Isa.ToString());
        json.WriteNumber("threads", model.ThreadCount);
        json.WriteStrings("notes", checkpoint.Oddities);
        json.WriteEndObject();
    }

    IEnumerable<(string Name, int Count)> Types() =>
        model.Checkpoint.ElementTypes.OrderBy(pair => pair.Key).Select(pair => (pair.Key.ToString().ToUpperInvariant(), pair.Value));

    static string Tower(TowerConfig tower) =>
        $"{tower.LayerCount} layers of width {tower.Width}, {tower.HeadCount} heads of {tower.HeadWidth}, MLP {tower.MlpWidth}, {tower.Activation}";

    static void WriteTower(Utf8JsonWriter json, TowerConfig tower)
    {
        json.WriteNumber("layers", tower.LayerCount);
        json.WriteNumber("width", tower.Width);
        json.WriteNumber("heads", tower.HeadCount);
        json.WriteNumber("headWidth", tower.HeadWidth);
        json.WriteNumber("mlpWidth", tower.MlpWidth);
        json.WriteString("activation", tower.Activation.ToString());
        json.WriteEndObject();
    }

    static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}

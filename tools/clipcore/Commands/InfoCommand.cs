using System.CommandLine;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore info</c>: what a checkpoint holds.</summary>
static class InfoCommand
{
    public static Command Create()
    {
        Command command = new(
            "info", "Tell what a model is: architecture, dialect, types, parameters, memory, activation, preprocessing, tokenizer, and anything odd.");
        ModelArguments model = new(command, pictures: false, threads: false);
        JsonOutput json = new(command);
        command.OnRun((result, _) =>
        {
            using ClipModel loaded = model.Load(result);
            InfoResults results = Describe(loaded);
            Print(json.Text(result), loaded, results);
            json.Write(result, loaded.Identity, null, results, ResultsContext.Default.EnvelopeInfoResults);
        });
        return command;
    }

    static InfoResults Describe(ClipModel model)
    {
        CheckpointInfo checkpoint = model.Checkpoint;
        ClipConfig config = model.Config;
        return new InfoResults(
            checkpoint.Dialect.ToString(), config.EmbedWidth, model.LogitScale, model.LogitBias, checkpoint.ParameterCount,
            checkpoint.ElementTypes.OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key.ToString().ToUpperInvariant(), pair => pair.Value),
            checkpoint.FileLength, model.ResidentBytes, Tower(config.Vision), Tower(config.Text), Preprocessing(config.Preprocess), model.Tokenizer?.Source,
            model.Isa.ToString(), model.ThreadCount, [.. checkpoint.Oddities]);
    }

    static TowerInfo? Tower(TowerConfig? tower) => tower == null ? null : new TowerInfo(
        tower.LayerCount, tower.Width, tower.HeadCount, tower.HeadWidth, tower.MlpWidth, tower.Activation.ToString(), (tower as VisionConfig)?.ImageSize,
        (tower as VisionConfig)?.PatchSize, (tower as TextConfig)?.ContextLength, (tower as TextConfig)?.VocabularySize);

    static PreprocessInfo? Preprocessing(PreprocessConfig? config) => config == null ? null : new PreprocessInfo(
        config.Size, config.ResizeMode.ToString().ToLowerInvariant(), config.Interpolation.ToString().ToLowerInvariant(),
        [config.Mean.Red, config.Mean.Green, config.Mean.Blue], [config.Std.Red, config.Std.Green, config.Std.Blue]);

    static void Print(TextWriter output, ClipModel model, InfoResults info)
    {
        output.WriteLine($"model         {model.Identity.Name}");
        output.WriteLine($"dialect       {info.Dialect}");
        if (info.Vision is { } vision)
            output.WriteLine($"vision        ViT/{vision.PatchSize}, {vision.ImageSize} pixels, {Line(vision)}");
        if (info.Text is { } text)
            output.WriteLine($"text          context {text.ContextLength}, vocabulary {text.VocabularySize}, {Line(text)}");
        output.WriteLine($"shared width  {info.EmbedWidth}");
        output.WriteLine($"logit scale   {Number(info.LogitScale)}{(info.LogitBias == 0 ? "" : $", bias {Number(info.LogitBias)}")}");
        if (info.Vision != null)
            output.WriteLine(info.Preprocessing is { } pictures
                ? $"pictures      {pictures.ResizeMode}, {pictures.Interpolation}, mean {Row(pictures.Mean)}, deviation {Row(pictures.Std)}"
                : "pictures      nothing tells how they are prepared: give --mean and --std, or ready pixels");
        output.WriteLine($"parameters    {info.Parameters.ToString("N0", CultureInfo.InvariantCulture)}");
        output.WriteLine($"stored as     {string.Join(", ", info.Dtypes.Select(type => $"{type.Key} ({type.Value} tensors)"))}; {Megabytes(info.FileBytes)} MB "
            + "of files");
        output.WriteLine($"in memory     {Megabytes(info.MemoryBytes)} MB of weights");
        output.WriteLine($"tokenizer     {info.Tokenizer ?? "none: texts can be given as token ids only"}");
        output.WriteLine($"sha-256       {model.Identity.Sha256}");
        output.WriteLine($"runs with     {info.InstructionSet}, {info.Threads} {(info.Threads == 1 ? "thread" : "threads")}");
        foreach (string note in info.Notes)
            output.WriteLine($"note          {note}");
    }

    static string Line(TowerInfo tower) =>
        $"{tower.Layers} layers of width {tower.Width}, {tower.Heads} heads of {tower.HeadWidth}, MLP {tower.MlpWidth}, {tower.Activation}";

    static string Number(float value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    static string Row(float[] values) => string.Join(' ', values.Select(Number));

    static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}

using System.Runtime.InteropServices;
using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>
/// A CLIP model on disk: its configuration, and its weights under one naming whatever dialect the files are in. Weights stay in
/// the mapped files; they are checked by name, shape and type when the checkpoint is opened.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    /// <summary>Longest configuration file that is read; real ones have a few kilobytes.</summary>
    const int MaxConfigLength = 1 << 22;

    internal const string OpenClipConfigName = "open_clip_config.json";
    const string HuggingFaceConfigName = "config.json";
    const string PreprocessorName = "preprocessor_config.json";

    readonly WeightFiles _files;
    readonly Lazy<string> _sha256;
    readonly List<string> _oddities;
    readonly Dictionary<DType, int> _elementTypes = [];

    Checkpoint(string source, WeightFiles files, WeightNames names, ConfigReading reading, CheckpointOptions options)
    {
        (Source, _files, Dialect, _oddities) = (source, files, names.Dialect, [.. reading.Oddities]);
        _sha256 = new Lazy<string>(files.Sha256);
        Config = Restrict(reading.Config, options, names);

        WeightReader reader = new(files.Tensors);
        if (Config.Vision != null)
            Vision = reader.Vision(names.Vision, Config.Vision, Config.EmbedWidth);
        if (Config.Text != null)
            Text = reader.Text(names.Text, Config.Text, Config.EmbedWidth);
        LogitScale = reader.Scalar(WeightNames.LogitScale, required: Config.Vision != null && Config.Text != null);
        LogitBias = reader.Scalar(WeightNames.LogitBias, required: false);
        reader.Finish(source, name => WeightNames.IsKnownBuffer(name)
            || (Config.Vision == null && names.Vision.Owns(name)) || (Config.Text == null && names.Text.Owns(name)));

        foreach (TensorView tensor in reader.Found)
        {
            ParameterCount += tensor.ElementCount;
            CollectionsMarshal.GetValueRefOrAddDefault(_elementTypes, tensor.ElementType, out _)++;
            if (options.CheckFinite)
                CheckFinite(source, tensor);
        }
        NoteOddities();
    }

    /// <summary>The folder or file as it was given.</summary>
    public string Source { get; }

    /// <summary>Who named the weights.</summary>
    public CheckpointDialect Dialect { get; }

    /// <summary>The architecture; a tower that is not there or was not asked for is null.</summary>
    public ClipConfig Config { get; }

    /// <summary>What deserves a look: assumed defaults, ignored buffers and fields, storage in half precision. One line each.</summary>
    public IReadOnlyList<string> Oddities => _oddities;

    /// <summary>Parameters of the towers in use, the logit scale included.</summary>
    public long ParameterCount { get; }

    /// <summary>How many weights are stored in each type.</summary>
    public IReadOnlyDictionary<DType, int> ElementTypes => _elementTypes;

    /// <summary>The files of weights.</summary>
    public IReadOnlyList<string> Files => [.. _files.Files.Select(file => file.Name)];

    /// <summary>Bytes of all files of weights.</summary>
    public long FileLength => _files.Files.Sum(file => file.Length);

    /// <summary>SHA-256 of the file of weights in hexadecimal (of all shards one after the other); computed when first asked for.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>The stored logarithm of the factor on cosine similarities; null in a tower alone that has none.</summary>
    public float? LogitScale { get; }

    /// <summary>Added to the logits; null in almost all CLIP models.</summary>
    public float? LogitBias { get; }

    /// <summary>The vision tower's weights; null without it.</summary>
    internal VisionWeights? Vision { get; }

    /// <summary>The text tower's weights; null without it.</summary>
    internal TextWeights? Text { get; }

    /// <summary>Opens a folder, a <c>.safetensors</c> file or the index of a sharded checkpoint, with the configuration beside it.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="options">What to use and to check; null for the defaults.</param>
    /// <exception cref="CheckpointException">The model can't be used; the type and the message say why.</exception>
    /// <exception cref="SafetensorsException">A file of weights is damaged.</exception>
    /// <exception cref="IOException">A file is unreadable.</exception>
    public static Checkpoint Open(string path, CheckpointOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CheckpointOptions();
        WeightFiles files = WeightFiles.Open(path);
        try
        {
            WeightNames names = WeightNames.Detect(files.Path, [.. files.Tensors.Keys]);
            string folder = Path.GetDirectoryName(Path.GetFullPath(files.Path))!;
            string[] order = names.Dialect == CheckpointDialect.HuggingFace ? [HuggingFaceConfigName, OpenClipConfigName] : [OpenClipConfigName, HuggingFaceConfigName];
            string? config = order.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
            string preprocessor = Path.Combine(folder, PreprocessorName);
            ConfigReading? reading = config == null ? null
                : ConfigReading.Parse(config, ReadConfig(config), preprocessor, File.Exists(preprocessor) ? ReadConfig(preprocessor) : null);
            return Build(path, files, names, reading, [.. ActivationRules.NamesOf(path)], options);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Opens weights that are mapped already, such as a resource of an assembly, with the text of their configuration.</summary>
    /// <param name="weights">The weights; disposed with the checkpoint, and when opening fails.</param>
    /// <param name="configJson">The text of <c>open_clip_config.json</c> or <c>config.json</c>.</param>
    /// <param name="preprocessorJson">The text of <c>preprocessor_config.json</c>; null without one.</param>
    /// <param name="options">What to use and to check; null for the defaults.</param>
    /// <exception cref="CheckpointException">The model can't be used; the type and the message say why.</exception>
    public static Checkpoint Open(SafetensorsFile weights, ReadOnlySpan<byte> configJson, byte[]? preprocessorJson = null, CheckpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        try
        {
            WeightNames names = WeightNames.Detect(weights.Name, [.. weights.Tensors.Keys]);
            ConfigReading reading = ConfigReading.Parse($"{weights.Name} (configuration)", configJson, $"{weights.Name} (preprocessing)", preprocessorJson);
            return Build(weights.Name, WeightFiles.Over(weights), names, reading, [], options ?? new CheckpointOptions());
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the files; weights handed out are of no use afterwards.</summary>
    public void Dispose() => _files.Dispose();

    static Checkpoint Build(string source, WeightFiles files, WeightNames names, ConfigReading? reading, IReadOnlyList<string> ownNames, CheckpointOptions options)
    {
        if (options.Activation is Activation forced)
        {
            reading ??= InferredConfig.Read(files.Path, names, files.Tensors, forced);
            ClipConfig config = reading.Config;
            reading = reading with
            {
                Config = config with { Vision = config.Vision == null ? null : config.Vision with { Activation = forced }, Text = config.Text == null ? null : config.Text with { Activation = forced } },
                Oddities = [.. reading.Oddities, $"the activation {forced} was forced"],
            };
        }
        else if (reading == null)
        {
            throw new AmbiguousActivationException(source, $"there is no {OpenClipConfigName} or {HuggingFaceConfigName} beside the weights, and weights do not tell the activation function. Add the configuration file.");
        }
        else
        {
            CheckActivation(source, reading, [.. ownNames, .. reading.Names, .. files.Files.SelectMany(file => file.Metadata.Values)]);
        }
        return new Checkpoint(source, files, names, reading, options);
    }

    static void CheckActivation(string source, ConfigReading reading, IReadOnlyList<string> names)
    {
        if (reading.ActivationConflict is string conflict)
            throw new AmbiguousActivationException(source, conflict);
        foreach (string name in names)
            if (ActivationRules.Find(name) is (Activation known, string reason))
                foreach (TowerConfig? tower in (ReadOnlySpan<TowerConfig?>)[reading.Config.Vision, reading.Config.Text])
                    if (tower != null && tower.Activation != known)
                        throw new AmbiguousActivationException(source, $"the configuration says {tower.Activation}, but by the name '{name}' it is {known}: {reason}.");
    }

    /// <summary>Leaves out the towers that are not asked for or not there.</summary>
    ClipConfig Restrict(ClipConfig config, CheckpointOptions options, WeightNames names)
    {
        bool hasVision = _files.Tensors.Keys.Any(names.Vision.Owns), hasText = _files.Tensors.Keys.Any(names.Text.Owns);
        bool vision = hasVision && options.Towers != TowerSelection.TextOnly, text = hasText && options.Towers != TowerSelection.VisionOnly;
        if (!vision && !text)
            throw new UnsupportedModelException(Source, $"has only a {(hasVision ? "vision" : "text")} tower; the other one was asked for.");
        if ((vision && config.Vision == null) || (text && config.Text == null))
            throw new ConfigException(Source, $"has weights of a {(vision && config.Vision == null ? "vision" : "text")} tower that the configuration does not describe.");
        if (options.Towers == TowerSelection.All && !(hasVision && hasText))
            _oddities.Add($"only a {(hasVision ? "vision" : "text")} tower is there");
        return config with { Vision = vision ? config.Vision : null, Preprocess = vision ? config.Preprocess : null, Text = text ? config.Text : null };
    }

    void NoteOddities()
    {
        int halves = _elementTypes.Where(type => type.Key is DType.F16 or DType.BF16).Sum(type => type.Value);
        if (halves > 0)
            _oddities.Add($"{halves} of {_elementTypes.Values.Sum()} weights are stored in half precision; the computation is in single precision");
        if (_elementTypes.ContainsKey(DType.F64))
            _oddities.Add("some weights are stored in double precision and rounded to single");
        string[] buffers = [.. _files.Tensors.Keys.Where(WeightNames.IsKnownBuffer).Order(StringComparer.Ordinal)];
        if (buffers.Length > 0)
            _oddities.Add($"buffers are ignored: {string.Join(", ", buffers)}");
        foreach (SafetensorsFile file in _files.Files)
            foreach (string note in file.Notes)
                _oddities.Add($"{Path.GetFileName(file.Name)}: {note}");
    }

    static void CheckFinite(string source, TensorView tensor)
    {
        const int Piece = 1 << 16;
        float[] values = new float[Math.Min(Piece, tensor.ElementCount)];
        TensorView flat = tensor.Reshape(tensor.ElementCount);
        for (long at = 0; at < flat.ElementCount; at += values.Length)
        {
            Span<float> piece = values.AsSpan(0, (int)Math.Min(values.Length, flat.ElementCount - at));
            flat.Rows(at, piece.Length).CopyTo(piece);
            for (int i = 0; i < piece.Length; i++)
                if (!float.IsFinite(piece[i]))
                    throw new NonFiniteWeightException(source, tensor.Name, at + i);
        }
    }

    static byte[] ReadConfig(string path)
    {
        long length = new FileInfo(path).Length;
        return length <= MaxConfigLength ? File.ReadAllBytes(path)
            : throw new ConfigException(path, $"has {length} bytes, too many for a configuration.");
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>
/// A CLIP model on disk: its configuration, and its weights under one naming whatever dialect the files are in. Weights stay in
/// the mapped files; they are checked by name, shape and type when the checkpoint is opened.
/// </summary>
/// <remarks>Safe for many threads until it is disposed, which must wait for all of them.</remarks>
public sealed class Checkpoint : IDisposable
{
    /// <summary>Longest configuration file that is read; real ones have a few kilobytes.</summary>
    const int MaxConfigLength = 1 << 22;

    internal const string OpenClipConfigName = "open_clip_config.json";
    const string HuggingFaceConfigName = "config.json";
    const string PreprocessorName = "preprocessor_config.json";
    const string ProcessorName = "processor_config.json";

    readonly WeightFiles _files;
    readonly Lazy<string> _sha256;
    readonly List<string> _oddities;
    readonly IReadOnlyList<TensorView> _weights;
    readonly Dictionary<DType, int> _elementTypes = [];
    Checkpoint(string source, WeightFiles files, WeightNames names, ConfigReading reading, CheckpointOptions options)
    {
        (Source, _files, Dialect, _oddities) = (source, files, names.Dialect, [.. reading.Oddities]);
        (PreprocessFault, OtherTokenizer) = (reading.PreprocessFault, reading.OtherTokenizer);
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

        _weights = reader.Found;
        foreach (TensorView tensor in _weights)
        {
            ParameterCount += tensor.ElementCount;
            CollectionsMarshal.GetValueRefOrAddDefault(_elementTypes, tensor.ElementType, out _)++;
        }
        CheckLogits();
        if (options.CheckFinite)
            RequireFinite();
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

    /// <summary>What is missing for knowing how pictures are prepared; null when it is known.</summary>
    internal string? PreprocessFault { get; }

    /// <summary>How the configuration says that texts are cut by another tokenizer than CLIP's; null when it does not.</summary>
    internal string? OtherTokenizer { get; }

    /// <summary>The vision tower's weights; null without it.</summary>
    internal VisionWeights? Vision { get; }

    /// <summary>The text tower's weights; null without it.</summary>
    internal TextWeights? Text { get; }

    /// <summary>Opens a folder, a <c>.safetensors</c> file or the index of a sharded checkpoint, with the configuration beside it.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="options">What to use and to check; null for the defaults.</param>
    /// <exception cref="CheckpointException">The model can't be used; the type and the message say why.</exception>
    /// <exception cref="ArgumentException">The options prepare pictures at another size than the vision tower takes.</exception>
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
            string[] order = names.Dialect == CheckpointDialect.HuggingFace
                ? [HuggingFaceConfigName, OpenClipConfigName]
                : [OpenClipConfigName, HuggingFaceConfigName];
            string? config = order.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
            ConfigReading? reading = config == null ? null : ConfigReading.Parse(config, ReadConfig(config), "", null);
            return Build(path, files, names, reading, FindPreprocessor(folder), [.. ActivationRules.NamesOf(path)], options);
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
    /// <param name="preprocessorJson">The text of <c>preprocessor_config.json</c> or <c>processor_config.json</c>; null without one.</param>
    /// <param name="options">What to use and to check; null for the defaults.</param>
    /// <exception cref="CheckpointException">The model can't be used; the type and the message say why.</exception>
    public static Checkpoint Open(SafetensorsFile weights, ReadOnlySpan<byte> configJson, byte[]? preprocessorJson = null, CheckpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        try
        {
            WeightNames names = WeightNames.Detect(weights.Name, [.. weights.Tensors.Keys]);
            ConfigReading reading = ConfigReading.Parse($"{weights.Name} (configuration)", configJson, $"{weights.Name} (preprocessing)", preprocessorJson);
            return Build(weights.Name, WeightFiles.Over(weights), names, reading, null, [], options ?? new CheckpointOptions());
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the files; weights handed out are of no use afterwards.</summary>
    public void Dispose() => _files.Dispose();

    /// <summary>Reads all weights of the towers in use, once.</summary>
    /// <exception cref="NonFiniteWeightException">One is NaN or infinite.</exception>
    void RequireFinite()
    {
        foreach (TensorView tensor in _weights)
            if (FiniteCheck.FirstNotFinite(tensor) is long index)
                throw new NonFiniteWeightException(Source, tensor.Name, index);
    }

    static Checkpoint Build(
        string source, WeightFiles files, WeightNames names, ConfigReading? reading, JsonFields? preprocessor, IReadOnlyList<string> ownNames,
        CheckpointOptions options)
    {
        if (options.Activation is Activation forced)
        {
            reading ??= InferredConfig.Read(files.Path, names, files.Tensors, forced);
            ClipConfig config = reading.Config;
            reading = reading with
            {
                Config = config with
                {
                    Vision = config.Vision == null ? null : config.Vision with { Activation = forced },
                    Text = config.Text == null ? null : config.Text with { Activation = forced },
                },
                Oddities = [.. reading.Oddities, $"the activation {forced} was forced"],
            };
        }
        else if (reading == null)
        {
            throw new AmbiguousActivationException(source, $"there is no {OpenClipConfigName} or {HuggingFaceConfigName} beside the weights, "
                + "and weights do not tell the activation function. Add the configuration file.");
        }
        else
        {
            CheckActivation(source, reading, [.. ownNames, .. reading.Names, .. files.Files.SelectMany(file => file.Metadata.Values)]);
        }
        if (preprocessor != null)
            reading = reading.Complete(preprocessor);
        return new Checkpoint(source, files, names, Prepare(source, reading, names, [.. ownNames, .. reading.Names], options.Preprocess), options);
    }

    /// <summary>Settles how pictures are prepared: the caller's word counts before the files', and those before what is known by name.</summary>
    static ConfigReading Prepare(
        string source, ConfigReading reading, WeightNames names, IReadOnlyList<string> ownNames, PreprocessConfig? given)
    {
        if (reading.Config.Vision is not VisionConfig vision || (given == null && reading.PreprocessFault == null))
            return reading;
        PreprocessConfig? preprocess = given;
        string oddity = "the preprocessing was given, whatever the files say";
        if (given != null && given.Size != 0 && given.Size != vision.ImageSize)
            throw new ArgumentException(
                $"{nameof(CheckpointOptions.Preprocess)} prepares pictures at {given.Size} pixels, but the vision tower takes {vision.ImageSize}: "
                + $"leave {nameof(PreprocessConfig.Size)} at 0.", nameof(given));
        if (given == null && KnownPreprocessing.Find(ownNames) is (PreprocessConfig known, string name))
        {
            preprocess = known with { ConvertRgbFirst = names.Dialect == CheckpointDialect.HuggingFace };
            oddity = $"{reading.PreprocessFault}: by the name '{name}', OpenAI's mean and deviation, bicubic, shortest side are taken";
        }
        else if (given == null)
        {
            oddity = $"nothing tells how pictures are prepared: {reading.PreprocessFault}";
        }
        reading = reading with
        {
            Config = reading.Config with { Preprocess = preprocess == null ? null : preprocess with { Size = vision.ImageSize } },
            Oddities = [.. reading.Oddities, oddity],
            PreprocessFault = preprocess == null ? reading.PreprocessFault : null,
        };
        reading.Config.Check(source);
        return reading;
    }

    static void CheckActivation(string source, ConfigReading reading, IReadOnlyList<string> names)
    {
        if (reading.ActivationConflict is string conflict)
            throw new AmbiguousActivationException(source, conflict);
        foreach (string name in names)
            if (ActivationRules.Find(name) is (Activation known, string reason))
                foreach (TowerConfig? tower in (ReadOnlySpan<TowerConfig?>)[reading.Config.Vision, reading.Config.Text])
                    if (tower != null && tower.Activation != known)
                        throw new AmbiguousActivationException(
                            source, $"the configuration says {tower.Activation}, but by the name '{name}' it is {known}: {reason}.");
    }

    /// <summary>Leaves out the towers that are not asked for or not there.</summary>
    ClipConfig Restrict(ClipConfig config, CheckpointOptions options, WeightNames names)
    {
        bool hasVision = _files.Tensors.Keys.Any(names.Vision.Owns), hasText = _files.Tensors.Keys.Any(names.Text.Owns);
        bool vision = hasVision && options.Towers != TowerSelection.TextOnly, text = hasText && options.Towers != TowerSelection.VisionOnly;
        if (!vision && !text)
            throw new UnsupportedModelException(Source, $"has only a {(hasVision ? "vision" : "text")} tower; the other one was asked for.");
        if ((vision && config.Vision == null) || (text && config.Text == null))
            throw new ConfigException(
                Source, $"has weights of a {(vision && config.Vision == null ? "vision" : "text")} tower that the configuration does not describe.");
        if (options.Towers == TowerSelection.All && !(hasVision && hasText))
            _oddities.Add($"only a {(hasVision ? "vision" : "text")} tower is there");
        return config with { Vision = vision ? config.Vision : null, Preprocess = vision ? config.Preprocess : null, Text = text ? config.Text : null };
    }

    // The largest float is e^88.7; a scale of zero or infinity makes all texts equally likely or all probabilities NaN.
    void CheckLogits()
    {
        if (LogitScale is float scale && !(scale > -80 && scale < 88))
            throw new NonFiniteWeightException(Source, string.Create(CultureInfo.InvariantCulture,
                $"'{WeightNames.LogitScale}' is {scale}; it is a logarithm and must lie between -80 and 88"));
        if (LogitBias is float bias && !float.IsFinite(bias))
            throw new NonFiniteWeightException(Source, string.Create(CultureInfo.InvariantCulture, $"'{WeightNames.LogitBias}' is {bias}; it must be finite"));
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

    /// <summary>
    /// The file that tells how pictures are prepared, for configurations that do not; null without one. As in Hugging Face's library,
    /// <c>processor_config.json</c> comes first where it says it.
    /// </summary>
    static JsonFields? FindPreprocessor(string folder)
    {
        string processor = Path.Combine(folder, ProcessorName), preprocessor = Path.Combine(folder, PreprocessorName);
        if (File.Exists(processor) && JsonFields.Parse(processor, ReadConfig(processor)) is JsonFields fields && HuggingFacePreprocess.IsIn(fields))
            return fields;
        return File.Exists(preprocessor) ? JsonFields.Parse(preprocessor, ReadConfig(preprocessor)) : null;
    }

    static byte[] ReadConfig(string path)
    {
        long length = new FileInfo(path).Length;
        return length <= MaxConfigLength ? File.ReadAllBytes(path)
            : throw new ConfigException(path, $"has {length} bytes, too many for a configuration.");
    }
}

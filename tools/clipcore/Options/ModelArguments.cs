using System.CommandLine;
using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore.Cli.Options;

/// <summary>The options that choose and load a model, the same for every command; a command offers those that can help it.</summary>
sealed class ModelArguments
{
    readonly Option<string?> _model = new("--model")
    {
        Description = "A folder with a checkpoint, or a .safetensors file; without it the small model inside the program.",
        HelpName = "DIR",
    };

    readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        Description = "A file or folder with the vocabulary, when the model's folder has none.",
        HelpName = "PATH",
    };

    readonly Option<int?> _threads = new("--threads") { Description = "Threads to work with (default: CLIPCORE_THREADS, or all).", HelpName = "N" };

    // Commands know by themselves which towers they need; scripts of old may still say it.
    readonly Option<bool> _visionOnly = new("--vision-only") { Hidden = true };

    readonly Option<string?> _activation = Choice.Of(
        "--activation", "Force the activation against whatever the files say.", ["gelu", "quick_gelu", "gelu_tanh"], "quickgelu", "gelu_pytorch_tanh");

    readonly Option<string?> _weights = Choice.Of(
        "--weights", "Keep weights in memory in this format (default f32).", ["f32", "f16", "bf16"], "single", "float32", "half", "float16", "bfloat16");

    readonly Option<string?> _mean = new("--mean")
    {
        Description = "Channel means of the preprocessing, R,G,B, where the model's files tell none.",
        HelpName = "R,G,B",
    };

    readonly Option<string?> _std = new("--std")
    {
        Description = "Channel deviations of the preprocessing, R,G,B, where the model's files tell none.",
        HelpName = "R,G,B",
    };

    readonly Option<string?> _resizeMode = Choice.Of(
        "--resize-mode", "How a picture becomes a square: fit the shorter side and crop, fit the longer and pad, or stretch.",
        ["shortest", "longest", "squash"]);

    readonly Option<string?> _interpolation = Choice.Of("--interpolation", "The filter of the resize.", ["bicubic", "bilinear"]);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="texts">Whether it may read texts.</param>
    /// <param name="pictures">Whether it may read pictures.</param>
    /// <param name="threads">Whether it computes with as many threads as it is told.</param>
    public ModelArguments(Command command, bool texts = true, bool pictures = true, bool threads = true)
    {
        command.Options.Add(_model);
        if (texts)
            command.Options.Add(_tokenizer);
        _threads.Hidden = !threads;
        command.Options.Add(_threads);
        command.Options.Add(_visionOnly);
        command.Options.Add(_activation);
        command.Options.Add(_weights);
        if (pictures)
            foreach (Option option in (Option[])[_mean, _std, _resizeMode, _interpolation])
                command.Options.Add(option);
    }

    /// <summary>The folder or file that the user named; null for the built-in model.</summary>
    public string? Path(ParseResult result) => result.GetValue(_model) is { } path ? Require(path) : null;

    /// <summary>Loads the model; towers that the command does not need stay on disk.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="towers">What the command needs.</param>
    /// <param name="change">Changes to what the user chose; null for none.</param>
    public ClipModel Load(ParseResult result, TowerSelection towers = TowerSelection.All, Func<ClipModelOptions, ClipModelOptions>? change = null)
    {
        ClipModelOptions options = Options(result, towers);
        options = change?.Invoke(options) ?? options;
        return Path(result) is { } path ? ClipModel.Load(path, options) : DemoModel.Load(options);
    }

    /// <summary>What the user chose.</summary>
    public ClipModelOptions Options(ParseResult result, TowerSelection towers)
    {
        if (result.GetValue(_visionOnly))
        {
            if (towers == TowerSelection.TextOnly)
                throw new UserException("--vision-only leaves no tower to read texts with: leave it out.");
            towers = TowerSelection.VisionOnly;
        }
        int? threads = result.GetValue(_threads);
        if (threads is { } count)
            Given.Within("--threads", count, 1, 1024);
        return new ClipModelOptions
        {
            Towers = towers,
            Activation = result.GetValue(_activation) switch
            {
                null => null,
                "gelu" => Activation.Gelu,
                "quick_gelu" or "quickgelu" => Activation.QuickGelu,
                _ => Activation.GeluTanh,
            },
            Threads = threads,
            TokenizerPath = result.GetValue(_tokenizer) is { } tokenizer ? Given.Path("--tokenizer", tokenizer) : null,
            Weights = result.GetValue(_weights) switch
            {
                null or "f32" or "single" or "float32" => WeightFormat.Single,
                "f16" or "half" or "float16" => WeightFormat.Half,
                _ => WeightFormat.BFloat16,
            },
            Preprocess = Preprocessing(result),
        };
    }

    /// <summary>The preprocessing that the user said; null where nothing was said.</summary>
    public PreprocessConfig? Preprocessing(ParseResult result)
    {
        string? mean = result.GetValue(_mean), std = result.GetValue(_std), mode = result.GetValue(_resizeMode), filter = result.GetValue(_interpolation);
        if (mean == null && std == null && mode == null && filter == null)
            return null;
        if (mean == null || std == null)
            throw new UserException(
                "--mean and --std belong together, and to --resize-mode and --interpolation: give both, such as --mean 0.5,0.5,0.5 --std 0.5,0.5,0.5.");
        return new PreprocessConfig
        {
            Size = 0,
            Mean = Channels("--mean", mean),
            Std = Channels("--std", std),
            ResizeMode = mode == null ? ResizeMode.Shortest : Enum.Parse<ResizeMode>(mode, ignoreCase: true),
            Interpolation = filter == null ? Interpolation.Bicubic : Enum.Parse<Interpolation>(filter, ignoreCase: true),
        };
    }

    /// <summary>Reads three numbers, R,G,B.</summary>
    public static RgbValues Channels(string option, string text)
    {
        float[] values = [.. text.Split(',').Select(part =>
            float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value) ? value : float.NaN)];
        if (values.Length != 3 || values.Any(float.IsNaN) || (option == "--std" && values.Any(value => value <= 0)))
            throw new UserException($"{option} {text} is no three numbers{(option == "--std" ? " above 0" : "")}: write R,G,B, such as 0.5,0.5,0.5.");
        return new RgbValues(values[0], values[1], values[2]);
    }

    static string Require(string path) => path.Length > 0 ? path
        : throw new UserException("--model is empty: name a folder with a checkpoint, or leave it out for the built-in model.");
}

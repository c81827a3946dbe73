using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore.Cli;

/// <summary>The options that choose and load a model, the same for every command.</summary>
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

    readonly Option<bool> _visionOnly = new("--vision-only") { Description = "Leave the text tower on disk: saves its memory, but takes no texts." };

    readonly Option<string?> _activation = new("--activation")
    {
        Description = "Force gelu, quick_gelu or gelu_tanh against whatever the files say.",
        HelpName = "NAME",
    };

    readonly Option<string?> _weights = new("--weights")
    {
        Description = "Keep weights in memory as single (default), half or bfloat16.",
        HelpName = "FORMAT",
    };

    /// <summary>Adds the options to a command.</summary>
    public ModelArguments(Command command)
    {
        foreach (Option option in (Option[])[_model, _tokenizer, _threads, _visionOnly, _activation, _weights])
            command.Options.Add(option);
    }

    /// <summary>The folder or file that the user named; null for the built-in model.</summary>
    public string? Path(ParseResult result) => result.GetValue(_model);

    /// <summary>The vocabulary that the user named.</summary>
    public string? TokenizerPath(ParseResult result) => result.GetValue(_tokenizer);

    /// <summary>Loads the model; towers that the command does not need stay on disk.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="towers">What the command needs.</param>
    /// <param name="change">Changes to what the user chose; null for none.</param>
    public ClipModel Load(ParseResult result, TowerSelection towers = TowerSelection.All, Func<ClipModelOptions, ClipModelOptions>? change = null)
    {
        ClipModelOptions options = Options(result, towers);
        options = change?.Invoke(options) ?? options;
        return Path(result) is { } path ? ClipModel.Load(Require(path), options) : DemoModel.Load(options);
    }

    /// <summary>Opens the checkpoint without loading the weights.</summary>
    public Checkpoint OpenCheckpoint(ParseResult result)
    {
        CheckpointOptions options = new()
        {
            Towers = result.GetValue(_visionOnly) ? TowerSelection.VisionOnly : TowerSelection.All,
            Activation = ReadActivation(result),
        };
        return Path(result) is { } path ? Checkpoint.Open(Require(path), options) : DemoModel.OpenCheckpoint(options);
    }

    /// <summary>Whether the user wants the vision tower alone.</summary>
    public bool IsVisionOnly(ParseResult result) => result.GetValue(_visionOnly);

    /// <summary>How to load the model, as the user chose.</summary>
    public ClipModelOptions Options(ParseResult result, TowerSelection towers)
    {
        if (result.GetValue(_visionOnly))
        {
            if (towers == TowerSelection.TextOnly)
                throw new UserException("--vision-only leaves no tower to read texts with: leave it out.");
            towers = TowerSelection.VisionOnly;
        }
        int? threads = result.GetValue(_threads);
        if (threads is < 1 or > 1024)
            throw new UserException($"--threads {threads} must lie in 1 … 1024.");
        return new ClipModelOptions
        {
            Towers = towers,
            Activation = ReadActivation(result),
            Threads = threads,
            TokenizerPath = TokenizerPath(result),
            Weights = result.GetValue(_weights) switch
            {
                null or "single" or "float32" => WeightFormat.Single,
                "half" or "float16" => WeightFormat.Half,
                "bfloat16" => WeightFormat.BFloat16,
                { } other => throw new UserException($"--weights {other} is not known: it may be single, half or bfloat16."),
            },
        };
    }

    Activation? ReadActivation(ParseResult result) => result.GetValue(_activation) switch
    {
        null => null,
        "gelu" => Activation.Gelu,
        "quick_gelu" or "quickgelu" => Activation.QuickGelu,
        "gelu_tanh" or "gelu_pytorch_tanh" => Activation.GeluTanh,
        { } other => throw new UserException($"--activation {other} is not known: it may be gelu, quick_gelu or gelu_tanh."),
    };

    /// <summary>Refuses an empty path.</summary>
    public static string Require(string path) => path.Length > 0 ? path
        : throw new UserException("--model is empty: name a folder with a checkpoint, or leave it out for the built-in model.");
}

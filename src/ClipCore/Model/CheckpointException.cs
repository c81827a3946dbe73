namespace ClipCore.Model;

/// <summary>A model folder or file that can't be used; the message names it, says why and what to do.</summary>
public abstract class CheckpointException : IOException
{
    /// <summary>Names the file or folder before the fault.</summary>
    private protected CheckpointException(string source, string fault) : base($"{source}: {fault}") { }
}

/// <summary>There are no weights where they were looked for, or more than one candidate.</summary>
public sealed class WeightsNotFoundException : CheckpointException
{
    internal WeightsNotFoundException(string source, string fault) : base(source, fault) { }
}

/// <summary>The weights are a Python pickle, which can run any program when read.</summary>
public sealed class PickleException : CheckpointException
{
    internal PickleException(string source)
        : base(source, "is a Python pickle, which is not read because it can run any program. Convert it once where you trust it: "
            + "python -c \"import sys, torch, safetensors.torch as s; w = torch.load(sys.argv[1], map_location='cpu', weights_only=True); "
            + "s.save_file({k: v.contiguous().clone() for k, v in w.get('state_dict', w).items()}, sys.argv[2])\" "
            + $"{Path.GetFileName(source)} {Path.GetFileNameWithoutExtension(source)}.safetensors")
    { }
}

/// <summary>The model is recognised, but of a kind that is not supported.</summary>
public sealed class UnsupportedModelException : CheckpointException
{
    internal UnsupportedModelException(string source, string fault) : base(source, fault) { }
}

/// <summary>A configuration file is malformed or holds values that fit no model.</summary>
public sealed class ConfigException : CheckpointException
{
    internal ConfigException(string source, string fault) : base(source, fault) { }
}

/// <summary>The activation function is not known for sure, and a wrong one gives wrong numbers without any other sign.</summary>
public sealed class AmbiguousActivationException : CheckpointException
{
    internal AmbiguousActivationException(string source, string reason)
        : base(source, $"{reason} Say which one to use: gelu, quick_gelu or gelu_tanh (option Activation).") { }
}

/// <summary>Weights are missing, unexpected or of another shape or type than the configuration says. All are listed.</summary>
public sealed class WeightsMismatchException : CheckpointException
{
    /// <summary>Lines of each kind in the message; the properties hold all.</summary>
    const int LinesShown = 12;

    internal WeightsMismatchException(string source, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<string> mismatched)
        : base(source, "the weights do not fit the configuration." + Lines("missing", missing) + Lines("unexpected", unexpected) + Lines("wrong", mismatched))
    {
        (Missing, Unexpected, Mismatched) = (missing, unexpected, mismatched);
    }

    /// <summary>Names of the weights that the model needs and the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Names of the weights that the model does not know.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Names of the weights with another shape or element type, each with both.</summary>
    public IReadOnlyList<string> Mismatched { get; }

    // One line in all, for programs that print a message as one.
    static string Lines(string kind, IReadOnlyList<string> names) => names.Count == 0 ? ""
        : $" {names.Count} {kind}: {string.Join("; ", names.Take(LinesShown))}{(names.Count > LinesShown ? $"; and {names.Count - LinesShown} more" : "")}.";
}

/// <summary>A weight is NaN or infinite.</summary>
public sealed class NonFiniteWeightException : CheckpointException
{
    internal NonFiniteWeightException(string source, string tensor, long index)
        : base(source, $"the weight '{tensor}' is not finite at element {index}. The file is damaged or the training diverged.") { }
}

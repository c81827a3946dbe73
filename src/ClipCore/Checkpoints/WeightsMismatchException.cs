namespace ClipCore.Checkpoints;

/// <summary>Weights are missing, unexpected or of another shape or type than the configuration says. All are listed.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
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

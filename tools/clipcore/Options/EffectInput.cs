using ClipCore.Cli.Results;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Numerics;

namespace ClipCore.Cli.Options;

/// <summary>What an experiment works on.</summary>
/// <param name="Effects">The effects.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Model">The model that made the effects; null for arrays.</param>
sealed record EffectInput(EffectSet Effects, string Name, ClipModel? Model) : IDisposable
{
    /// <summary>The classes as directions; null where there are none.</summary>
    public LinearClassifier? Classifier { get; init; }

    /// <summary>Where the classes came from, for people and for results; null where there are none.</summary>
    public string? ClassesFrom { get; init; }

    /// <summary>Names of the classes, for results.</summary>
    public string[] ClassNames => [.. Classifier?.Names ?? []];

    /// <summary>The templates that made texts of them, for results.</summary>
    public string[] Templates => [.. Classifier?.Templates ?? []];

    /// <summary>Pictures that could not be read.</summary>
    public IReadOnlyList<SkippedInput> Skipped { get; init; } = [];

    /// <summary>Whether the model goes with the input.</summary>
    public bool OwnsModel { get; init; } = true;

    /// <summary>Which model made the effects; null for arrays.</summary>
    public ModelIdentity? Identity => Model?.Identity;

    /// <summary>The exit code: whether all inputs took part.</summary>
    public int Code => Skipped.Count > 0 ? ExitCode.Partly : ExitCode.Done;

    /// <summary>The classes, or a clear error.</summary>
    public LinearClassifier RequireClasses() => Classifier
        ?? throw new UserException($"{Name}: nothing names the classes to judge by: give --classes FILE, or --class once for each.");

    /// <summary>Labels, or a clear error.</summary>
    public void RequireLabels()
    {
        if (Effects.Labels == null)
            throw new UserException($"{Name} has no labels to judge by: give a folder for each class, or a list with the column label.");
    }

    public void Dispose()
    {
        Effects.Dispose();
        if (OwnsModel)
            Model?.Dispose();
    }
}

using System.CommandLine;
using ClipCore.Cli.Commands;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Numerics;

namespace ClipCore.Cli.Data;

/// <summary>What an experiment works on.</summary>
/// <param name="Effects">The effects.</param>
/// <param name="Classifier">The classes as directions.</param>
/// <param name="ClassNames">Their names; empty where they are not known.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Model">The model that made the effects; null for arrays.</param>
sealed record EffectInput(EffectSet Effects, LinearClassifier Classifier, string[] ClassNames, string Name, ClipModel? Model) : IDisposable
{
    /// <summary>The split of each image; null where the data tells none.</summary>
    public string[]? Splits { get; init; }

    public void Dispose()
    {
        Effects.Dispose();
        Model?.Dispose();
    }
}

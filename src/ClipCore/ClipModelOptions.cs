using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore;

/// <summary>How to load a model. The defaults fit most uses. Immutable, safe for many threads.</summary>
public sealed record ClipModelOptions
{
    /// <summary>Which towers to load; one alone saves the other's memory.</summary>
    public TowerSelection Towers { get; init; } = TowerSelection.All;

    /// <summary>The activation of both towers, against whatever the files say; null to believe them.</summary>
    public Activation? Activation { get; init; }

    /// <summary>
    /// How pictures are prepared, against whatever the files say; null to believe them. With <see cref="PreprocessConfig.Size"/> 0 the
    /// size is the model's own. Where the files do not say it, it must be given before pictures can be prepared.
    /// </summary>
    public PreprocessConfig? Preprocess { get; init; }

    /// <summary>Threads to work with; null for <c>CLIPCORE_THREADS</c>, or else what the machine or its container's quota gives.</summary>
    public int? Threads { get; init; }

    /// <summary>The register width; null for <c>CLIPCORE_ISA</c>, or else the widest that the machine has. No choice changes a bit of any result.</summary>
    public Isa? Isa { get; init; }

    /// <summary>How weights are kept in memory.</summary>
    public WeightFormat Weights { get; init; } = WeightFormat.Single;

    /// <summary>A file or folder with the vocabulary; null to look in the model's folder.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>What messages, results and stores call the model (<see cref="ModelIdentity.Name"/>); null for the path it was loaded from.</summary>
    public string? Name { get; init; }

    /// <summary>Puts other kernels around the chosen ones, such as some that keep the time; for models with a vision tower.</summary>
    internal Func<Kernels, VisionConfig, Kernels>? WrapKernels { get; init; }

    internal PartOptions Parts => new(
        Isa, Threads, Weights switch { WeightFormat.Half => PackedFormat.Half, WeightFormat.BFloat16 => PackedFormat.BFloat16, _ => PackedFormat.Float },
        WrapKernels);

    /// <summary>The part of these options that opening a checkpoint takes.</summary>
    public CheckpointOptions Checkpoint => new() { Towers = Towers, Activation = Activation, Preprocess = Preprocess };
}

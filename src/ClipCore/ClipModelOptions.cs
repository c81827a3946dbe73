using ClipCore.Checkpoints;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore;

/// <summary>How to load a model. The defaults fit most uses.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
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

    /// <summary>Whether NaN and infinity among the weights are refused; they make every result NaN.</summary>
    public bool CheckFinite { get; init; } = true;

    /// <summary>Threads to work with; null for <c>CLIPCORE_THREADS</c>, or else what the machine or its container's quota gives.</summary>
    public int? Threads { get; init; }

    /// <summary>The register width; null for <c>CLIPCORE_ISA</c>, or else the widest that the machine has. No choice changes a bit of any result.</summary>
    public Isa? Isa { get; init; }

    /// <summary>How weights are kept in memory.</summary>
    public WeightFormat Weights { get; init; } = WeightFormat.Single;

    /// <summary>A file or folder with the vocabulary; null to look in the model's folder.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>Puts other kernels around the chosen ones, such as some that keep the time; for models with a vision tower.</summary>
    internal Func<Numerics.Kernels, VisionConfig, Numerics.Kernels>? WrapKernels { get; init; }

    internal CheckpointOptions Checkpoint => new() { Towers = Towers, Activation = Activation, Preprocess = Preprocess };
}

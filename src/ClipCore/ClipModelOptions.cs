using ClipCore.Checkpoints;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore;

/// <summary>How to load a model. The defaults fit most uses.</summary>
public sealed record ClipModelOptions
{
    /// <summary>Which towers to load; one alone saves the other's memory.</summary>
    public TowerSelection Towers { get; init; } = TowerSelection.All;

    /// <summary>The activation of both towers, against whatever the files say; null to believe them.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Whether to read all weights once and refuse NaN and infinity.</summary>
    public bool CheckFinite { get; init; }

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

    /// <summary>The part of these options that opening a checkpoint takes.</summary>
    public CheckpointOptions Checkpoint => new() { Towers = Towers, Activation = Activation, CheckFinite = CheckFinite };
}

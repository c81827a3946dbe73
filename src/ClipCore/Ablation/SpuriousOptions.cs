using ClipCore.Decomposition;

namespace ClipCore.Ablation;

/// <summary>How a spurious cue is removed. Immutable, safe for many threads.</summary>
public sealed record SpuriousOptions
{
    /// <summary>What is replaced besides the heads.</summary>
    public SpuriousProtocol Protocol { get; init; } = SpuriousProtocol.Plain;

    /// <summary>More components to replace besides.</summary>
    public IReadOnlyCollection<ComponentLabel> Besides { get; init; } = [];

    /// <summary>Seeds of the random choices of as many heads to compare with; empty for none.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3, 4, 5];
}

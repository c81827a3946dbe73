using ClipCore.Decomposition;

namespace ClipCore.Ablation;

/// <summary>Accuracies by group before and after the heads of a spurious cue are replaced by their means.</summary>
/// <param name="Splits">Which images were judged, and which the heads were chosen on.</param>
/// <param name="Heads">What was replaced as the cue.</param>
/// <param name="Besides">What was replaced besides, by protocol and options; not in the baseline.</param>
/// <param name="Baseline">Nothing replaced.</param>
/// <param name="Replaced">The cue and what is replaced besides.</param>
/// <param name="Random">Random choices of as many heads in place of the cue's, for each seed.</param>
public sealed record SpuriousResult(
    DataSplits Splits, IReadOnlyList<ComponentLabel> Heads, IReadOnlyList<ComponentLabel> Besides, GroupAccuracy Baseline, GroupAccuracy Replaced,
    IReadOnlyList<SpuriousControl> Random);

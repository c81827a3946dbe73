using ClipCore.Decomposition;

namespace ClipCore.Ablation;

/// <summary>A random choice of as many heads, replaced in place of those of the cue.</summary>
/// <param name="Seed">The seed of the draw.</param>
/// <param name="Heads">The heads that were drawn.</param>
/// <param name="Accuracy">What their replacement leaves.</param>
public sealed record SpuriousControl(int Seed, IReadOnlyList<ComponentLabel> Heads, GroupAccuracy Accuracy);

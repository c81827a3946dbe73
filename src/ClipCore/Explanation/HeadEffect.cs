using ClipCore.Decomposition;

namespace ClipCore.Explanation;

/// <summary>A head and its effect on something.</summary>
/// <param name="Label">The head, such as <c>L4.H3</c>.</param>
/// <param name="Effect">In units of cosine.</param>
public readonly record struct HeadEffect(ComponentLabel Label, float Effect);

namespace ClipCore.Retrieval;

/// <summary>How often texts find their images.</summary>
/// <param name="Queries">How many texts were asked for.</param>
/// <param name="Cuts">Numbers of images (k).</param>
/// <param name="Shares">For each of them the share of the texts, between 0 and 1, of which a right image is among the first k.</param>
public sealed record RetrievalRecall(int Queries, IReadOnlyList<int> Cuts, IReadOnlyList<double> Shares);

namespace ClipCore.Retrieval;

/// <summary>An image that a search found.</summary>
/// <param name="Image">Its index in the set.</param>
/// <param name="Name">Its name; null where the set knows none.</param>
/// <param name="Score">Its score: of a single term as it is, of several the sum of their standard scores.</param>
/// <param name="Terms">Its score for each term of the query.</param>
public sealed record FoundImage(int Image, string? Name, double Score, IReadOnlyList<double> Terms);

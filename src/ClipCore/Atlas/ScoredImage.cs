namespace ClipCore.Atlas;

/// <summary>An image and what a head says of a text on it.</summary>
/// <param name="Image">Its index in the set.</param>
/// <param name="Score">The dot product of the head's direct effect with the text.</param>
public readonly record struct ScoredImage(int Image, double Score);

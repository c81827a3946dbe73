namespace ClipCore.DataSets;

/// <summary>An image that could not be read.</summary>
/// <param name="Index">Its place in the set.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Reason">What is wrong with it, in one line, without its name.</param>
public sealed record SkippedImage(int Index, string Name, string Reason);

namespace ClipCore.Measurement;

/// <summary>A stage of encoding an image and its share of the time.</summary>
/// <param name="Name">Such as "attention" or "MLP".</param>
/// <param name="Share">From 0 to 1; the shares of all stages sum up to 1.</param>
public readonly record struct StageShare(string Name, double Share);

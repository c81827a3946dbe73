namespace ClipCore.Measurement;

/// <summary>What a decomposition costs beside plain encoding.</summary>
/// <param name="Name">How finely it splits.</param>
/// <param name="Ratio">Its time, as a multiple of the time of encoding the same images.</param>
public readonly record struct DecompositionCost(string Name, double Ratio);

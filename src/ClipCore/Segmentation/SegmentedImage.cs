using ClipCore.DataSets;

namespace ClipCore.Segmentation;

/// <summary>One picture's mask, and how it fits the truth where that is known.</summary>
/// <param name="Class">The predicted class, an index into those of the classifier.</param>
/// <param name="Mask">The mask by the decomposition, in the square that the model sees.</param>
/// <param name="Truth">The truth in the same square; null where none was given.</param>
/// <param name="Scores">Scores of each method that was asked for; empty without a truth.</param>
public sealed record SegmentedImage(int Class, HeatmapMask Mask, ObjectMask? Truth, IReadOnlyDictionary<SegmentationMethod, MaskScore> Scores);

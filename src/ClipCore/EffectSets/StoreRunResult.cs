using ClipCore.DataSets;

namespace ClipCore.EffectSets;

/// <summary>What a run left in a store.</summary>
/// <param name="Images">Images of this run's part that are in the store.</param>
/// <param name="Skipped">Images of this part that could not be read, also those that earlier runs of the same store skipped; ascending.</param>
/// <param name="Folder">Where the store lies.</param>
public sealed record StoreRunResult(int Images, IReadOnlyList<SkippedImage> Skipped, string Folder);

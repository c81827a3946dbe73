namespace ClipCore.EffectSets;

/// <summary>How far a store is.</summary>
/// <param name="BlocksDone">Blocks that are done, counted from the first of the set.</param>
/// <param name="Skipped">Images that could not be read, ascending.</param>
/// <param name="Reasons">Why, each in one line.</param>
sealed record StoreProgress(int BlocksDone, IReadOnlyList<int> Skipped, IReadOnlyList<string> Reasons);

namespace ClipCore.Verification;

/// <summary>Numbers that others published for a checkpoint, and what they are here. Immutable, and so safe for many threads.</summary>
/// <param name="What">What they are.</param>
/// <param name="Source">Who published them.</param>
/// <param name="Published">Their numbers.</param>
/// <param name="Measured">Ours, in the same order.</param>
/// <param name="Tolerance">How far they may differ.</param>
public sealed record PublishedNumber(
    string What, string Source, IReadOnlyList<double> Published, IReadOnlyList<double> Measured, double Tolerance)
{
    /// <summary>Whether all agree.</summary>
    public bool Agrees => Published.Count == Measured.Count && Published.Zip(Measured).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);
}

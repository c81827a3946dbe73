using System.Numerics.Tensors;

namespace ClipCore.Cli.Verification;

/// <summary>A number that others published for a checkpoint, and what it is here.</summary>
/// <param name="What">What it is.</param>
/// <param name="Source">Who published it.</param>
/// <param name="Published">Their numbers.</param>
/// <param name="Measured">Ours.</param>
/// <param name="Tolerance">How far they may differ.</param>
sealed record PublishedNumber(string What, string Source, double[] Published, double[] Measured, double Tolerance)
{
    /// <summary>Whether all agree.</summary>
    public bool Agrees => Published.Zip(Measured).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);
}

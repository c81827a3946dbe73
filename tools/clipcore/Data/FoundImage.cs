using System.Globalization;

namespace ClipCore.Cli.Data;

/// <summary>One image that was found.</summary>
/// <param name="Index">Its index in the set.</param>
/// <param name="Score">Its score.</param>
/// <param name="Terms">Its score for each term of the query.</param>
sealed record FoundImage(int Index, double Score, double[] Terms);

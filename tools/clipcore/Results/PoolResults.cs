using ClipCore.Files;

namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore pool check</c>.</summary>
sealed record PoolResults(int Texts, string Sha256, Dictionary<string, int> Factors, TextPair[] Duplicates, TextPair[] NearDuplicates);

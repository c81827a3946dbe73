using ClipCore.Verification;

namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore verify</c>.</summary>
sealed record VerifyResults(bool Equal, Dictionary<string, string> Fingerprints, VerifyRunResults[] Runs, PublishedResults[] Published, string? Written);

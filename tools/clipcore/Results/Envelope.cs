using ClipCore.Cli.Report;

namespace ClipCore.Cli.Results;

/// <summary>The one form of all JSON: who made it, from what, and the results.</summary>
/// <param name="Tool">Always <c>clipcore</c>.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Command">The command that made it.</param>
/// <param name="Model">The model that took part; null without one.</param>
/// <param name="Data">What was worked on; null without data.</param>
/// <param name="Results">The results, in the command's own form. Shares lie between 0 and 1.</param>
sealed record Envelope<T>(string Tool, string Version, string Command, ModelReference? Model, string? Data, T Results);

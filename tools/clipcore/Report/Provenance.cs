using ClipCore.Decomposition;
using ClipCore.Files;

namespace ClipCore.Cli.Report;

/// <summary>Where an explanation came from: what section 5 of the page tells.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Sha256">SHA-256 of its weights.</param>
/// <param name="InstructionSet">Register width in use.</param>
/// <param name="Threads">Threads in use.</param>
/// <param name="Convention">How the mean of the last LayerNorm is shared out.</param>
/// <param name="Command">The command that made it.</param>
/// <param name="Version">Version of the program.</param>
sealed record Provenance(string Model, string Sha256, string InstructionSet, int Threads, MeanShare Convention, string Command, string Version);

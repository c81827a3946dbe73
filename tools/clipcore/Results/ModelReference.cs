using ClipCore.Files;

namespace ClipCore.Cli.Results;

/// <summary>A model by its name and its weights.</summary>
sealed record ModelReference(string Name, string Sha256);

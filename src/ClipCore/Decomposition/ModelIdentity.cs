namespace ClipCore.Decomposition;

/// <summary>Which model made something: what stores, atlases and pages keep, so that things of two models are never mixed.</summary>
/// <param name="Name">What it is called in messages and results.</param>
/// <param name="Sha256">SHA-256 of its weights, in hexadecimal.</param>
public sealed record ModelIdentity(string Name, string Sha256);

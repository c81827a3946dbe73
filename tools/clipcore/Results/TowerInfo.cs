using ClipCore.Checkpoints;

namespace ClipCore.Cli.Results;

/// <summary>One tower's sizes.</summary>
sealed record TowerInfo(
    int Layers, int Width, int Heads, int HeadWidth, int MlpWidth, string Activation, int? ImageSize, int? PatchSize, int? ContextLength,
    int? VocabularySize);

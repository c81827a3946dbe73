namespace ClipCore.Cli.Results;

/// <summary>What a head, its share of the class token and of each patch say; the last axis is the text.</summary>
sealed record HeadEffects(float[] Effect, float[] ClassToken, float[][] Patches);

namespace ClipCore.Decomposition;

/// <summary>How finely a representation is split.</summary>
public enum EffectLevel
{
    /// <summary>Embedding, attention layers and MLPs: 2L + 1 parts.</summary>
    Layer,

    /// <summary>Attention split by head: L·H + L + 1 parts.</summary>
    Head,

    /// <summary>Attention split by head and source token (the class token and every patch): L·H·(N + 1) + L + 1 parts.</summary>
    Patch,
}

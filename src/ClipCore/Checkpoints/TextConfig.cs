namespace ClipCore.Checkpoints;

/// <summary>The text tower: a causal transformer pooled at the end token.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed record TextConfig : TowerConfig
{
    /// <summary>Most tokens of a text, start and end included.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>
    /// The token whose first place is pooled; null in OpenCLIP and in old Hugging Face files: the place of the largest id is.
    /// Both mean the same as long as the end token has the largest id.
    /// </summary>
    public int? EndTokenId { get; init; }

    /// <inheritdoc/>
    public override int TokenCount => ContextLength;

    internal void Check(ConfigCheck check)
    {
        check.Range("context length", ContextLength, 1, 1 << 14);
        check.Range("vocabulary size", VocabularySize, 1, 1 << 21);
        if (EndTokenId is int end)
            check.Range("end token", end, 0, VocabularySize - 1);
        CheckTower(check, "text");
    }
}

using ClipCore.Text;

namespace ClipCore.Checkpoints;

/// <summary>
/// Whether a tokenizer is the one that a model was trained with, as far as the files tell. A wrong one gives wrong representations without any
/// other sign.
/// </summary>
static class TokenizerFit
{
    /// <summary>
    /// Ids that a model may have beyond its tokenizer's: tables are rounded up to a multiple, and tokens without a text are added.
    /// </summary>
    const int MostSpareIds = 1023;

    /// <summary>Refuses a tokenizer whose ids are not the model's.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="checkpoint">The model; with a text tower.</param>
    /// <exception cref="VocabularyException">The tokenizer does not fit.</exception>
    /// <exception cref="UnsupportedModelException">The configuration names another tokenizer than CLIP's.</exception>
    public static void Require(ClipTokenizer tokenizer, Checkpoint checkpoint)
    {
        if (checkpoint.OtherTokenizer is string other)
            throw new UnsupportedModelException(checkpoint.Source, other);
        TextConfig text = checkpoint.Config.Text!;
        int size = text.VocabularySize, found = tokenizer.VocabularySize;
        if (found > size || found < size - MostSpareIds)
            throw new VocabularyException(
                tokenizer.Source, $"has {found} ids, but the text tower of {checkpoint.Source} has {size} (vocab_size): it is another model's vocabulary.");
        if (text.EndTokenId is int end && end != tokenizer.EndId)
            throw new VocabularyException(tokenizer.Source, $"ends texts with the id {tokenizer.EndId}, but the text tower of {checkpoint.Source} "
                + $"is pooled at the id {end}: it is another model's vocabulary.");
        if (text.EndTokenId == null && tokenizer.LargestWordId > tokenizer.EndId)
            throw new VocabularyException(tokenizer.Source, $"ends texts with the id {tokenizer.EndId} and has words of larger ids, but the text tower "
                + $"of {checkpoint.Source} is pooled at the largest id: it is another model's vocabulary.");
    }

    /// <summary>Whether a name of OpenCLIP's <c>hf_tokenizer_name</c> is a repository with CLIP's own vocabulary.</summary>
    public static bool IsClips(string name)
    {
        string last = name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant();
        return last.StartsWith("clip-vit-", StringComparison.Ordinal);
    }
}

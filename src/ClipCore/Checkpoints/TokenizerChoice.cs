using ClipCore.Text;

namespace ClipCore.Checkpoints;

/// <summary>The tokenizer of a model, or why it has none that works.</summary>
/// <param name="Tokenizer">The tokenizer; null without one.</param>
/// <param name="Fault">Why texts can't be encoded although there is a vocabulary; images and token ids can. Null without a fault.</param>
sealed record TokenizerChoice(ClipTokenizer? Tokenizer, string? Fault)
{
    static TokenizerChoice None { get; } = new(null, null);

    /// <summary>A tokenizer that the caller chose.</summary>
    /// <exception cref="VocabularyException">It is not the model's.</exception>
    /// <exception cref="UnsupportedModelException">The model wants another tokenizer than CLIP's.</exception>
    public static TokenizerChoice Given(Checkpoint checkpoint, ClipTokenizer? tokenizer)
    {
        if (checkpoint.Config.Text == null)
            return new TokenizerChoice(tokenizer, null);
        if (tokenizer != null)
            TokenizerFit.Require(tokenizer, checkpoint);
        return new TokenizerChoice(tokenizer, tokenizer == null ? checkpoint.OtherTokenizer : null);
    }

    /// <summary>
    /// The tokenizer of a file or folder that the caller names, or else of the model's own folder. What lies in the model's folder and is
    /// of a kind that can't be read does no harm to who encodes images.
    /// </summary>
    /// <inheritdoc cref="Given" path="/exception"/>
    public static TokenizerChoice Find(Checkpoint checkpoint, string modelPath, string? tokenizerPath)
    {
        if (checkpoint.Config.Text == null)
            return None;
        if (tokenizerPath != null)
            return Given(checkpoint, ClipTokenizer.Load(tokenizerPath));
        string folder = Directory.Exists(modelPath) ? modelPath : Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        if (checkpoint.OtherTokenizer != null || !ClipTokenizer.IsIn(folder))
            return Given(checkpoint, null);
        ClipTokenizer tokenizer;
        try
        {
            tokenizer = ClipTokenizer.Load(folder);
        }
        catch (VocabularyException unreadable)
        {
            return new TokenizerChoice(null, $"its vocabulary can't be used: {unreadable.Message}");
        }
        return Given(checkpoint, tokenizer);
    }
}

namespace ClipCore.Cli.Options;

/// <summary>What a command needs of a model, or one clear error that names the options.</summary>
static class Encoders
{
    /// <summary>Refuses models that can't read texts.</summary>
    public static void RequireTexts(ClipModel model)
    {
        RequireTextTower(model);
        if (model.Tokenizer == null)
            throw new UserException(
                $"{model.Identity.Name} came without a vocabulary: add tokenizer.json, vocab.json with merges.txt, or bpe_simple_vocab_16e6.txt.gz to its "
                    + "folder, "
                + "or name one with --tokenizer PATH.");
    }

    /// <summary>Refuses models without a text tower.</summary>
    public static void RequireTextTower(ClipModel model)
    {
        if (!model.HasText)
            throw new UserException($"{model.Identity.Name} has no text tower in use: take a checkpoint with both towers.");
    }

    /// <summary>Refuses models without a vision tower.</summary>
    public static void RequireVision(ClipModel model)
    {
        if (!model.HasVision)
            throw new UserException($"{model.Identity.Name} has no vision tower: take a checkpoint with one.");
    }
}

using ClipCore.Images;

namespace ClipCore.Checkpoints;

/// <summary>How pictures are prepared for published checkpoints whose files do not say it, by their names.</summary>
static class KnownPreprocessing
{
    /// <summary>Names of the repositories without their owner, and the endings that other libraries give OpenAI's weights.</summary>
    static readonly string[] s_openAi = ["clip-vit-base-patch32", "clip-vit-base-patch16", "clip-vit-large-patch14", "clip-vit-large-patch14-336"];

    static readonly string[] s_openAiEndings = [".openai", "-openai"];

    /// <summary>The preprocessing of a checkpoint and the name that told; null when no name is known. The size is the model's own.</summary>
    /// <param name="names">Names of the checkpoint: folder, file, repository, or what its files call it.</param>
    public static (PreprocessConfig Preprocess, string Name)? Find(IEnumerable<string> names)
    {
        foreach (string name in names)
            if (IsOpenAi(name))
                return (new PreprocessConfig(), name);
        return null;
    }

    /// <summary>
    /// <c>openai/clip-vit-large-patch14</c>, <c>models--openai--clip-vit-large-patch14</c>, the same as a bare folder's name, or a model of
    /// OpenCLIP or timm tagged <c>openai</c> (<c>ViT-L-14.openai</c>). Another owner's repository of the same name is no one's known.
    /// </summary>
    static bool IsOpenAi(string name)
    {
        string[] parts = name.ToLowerInvariant().Split(["/", "\\", "--"], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
            return false;
        string last = parts[^1];
        bool isOwners = parts.Length == 1 || parts[^2] == "openai";
        return (isOwners && s_openAi.Contains(last, StringComparer.Ordinal))
            || s_openAiEndings.Any(ending => last.StartsWith("vit", StringComparison.Ordinal) && last.EndsWith(ending, StringComparison.Ordinal));
    }
}

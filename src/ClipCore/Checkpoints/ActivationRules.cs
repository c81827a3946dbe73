namespace ClipCore.Checkpoints;

/// <summary>
/// What is known about the activation of published checkpoints. It can't be told from weights, and files were converted with
/// the wrong one, so a name that contradicts the configuration is a reason to ask.
/// </summary>
/// <remarks>Source: OpenCLIP's table of pretrained models, whose -quickgelu entries say what each was trained with.</remarks>
static class ActivationRules
{
    /// <summary>A rule applies when the name has all of one group of words; the first that applies counts.</summary>
    static readonly (string[] Words, string[] Without, Activation Activation, string Reason)[] s_rules =
    [
        (["quickgelu"], [], Activation.QuickGelu, "the name says quickgelu"),
        (["laion400m", "b32"], [], Activation.QuickGelu, "LAION-400M's B/32 was trained with quick_gelu"),
        (["laion400m", "patch32"], [], Activation.QuickGelu, "LAION-400M's B/32 was trained with quick_gelu"),
        (["laion400m"], [], Activation.Gelu, "LAION-400M's B/16 and L/14 were trained with gelu"),
        (["laion2b"], [], Activation.Gelu, "LAION-2B models were trained with gelu"),
        (["datacomp"], [], Activation.Gelu, "DataComp models were trained with gelu"),
        (["commonpool"], [], Activation.Gelu, "CommonPool models were trained with gelu"),
        (["dfn"], ["39b"], Activation.QuickGelu, "DFN models were trained with quick_gelu"),
        (["metaclip", "altogether"], [], Activation.Gelu, "MetaCLIP's altogether model was trained with gelu"),
        // MetaCLIP 1's tag for its 2.5 billion pairs looks like a 2.
        (["metaclip2pt5b"], [], Activation.QuickGelu, "MetaCLIP models were trained with quick_gelu"),
        (["metaclip25b"], [], Activation.QuickGelu, "MetaCLIP models were trained with quick_gelu"),
        (["metaclip2", "huge"], ["378"], Activation.QuickGelu, "MetaCLIP 2's H/14 at 224 pixels was trained with quick_gelu"),
        (["metaclip2", "vith14"], ["378"], Activation.QuickGelu, "MetaCLIP 2's H/14 at 224 pixels was trained with quick_gelu"),
        (["metaclip2"], [], Activation.Gelu, "of MetaCLIP 2, H/14 at 224 pixels alone was trained with quick_gelu"),
        (["metaclip"], [], Activation.QuickGelu, "MetaCLIP models were trained with quick_gelu"),
        (["openai"], [], Activation.QuickGelu, "OpenAI's models were trained with quick_gelu"),
    ];

    /// <summary>What a checkpoint's name says about its activation; null when it says nothing.</summary>
    public static (Activation Activation, string Reason)? Find(string name)
    {
        string plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        foreach ((string[] words, string[] without, Activation activation, string reason) in s_rules)
            if (words.All(word => plain.Contains(word, StringComparison.Ordinal)) && !without.Any(word => plain.Contains(word, StringComparison.Ordinal)))
                return (activation, reason);
        return null;
    }

    /// <summary>Names to ask about, from a path: the folder, the file, and the repository of a hub cache (<c>models--owner--name</c>).</summary>
    public static IEnumerable<string> NamesOf(string path)
    {
        string[] parts = Path.GetFullPath(path).Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        int last = parts.Length - 1;
        if (Path.GetExtension(parts[last]) is ".safetensors" or ".json")
            yield return parts[last--];
        if (last > 0)
            // Only a folder that is named like a repository says that the one above it is its owner.
            yield return parts[last].StartsWith("clip-vit", StringComparison.OrdinalIgnoreCase) ? $"{parts[last - 1]}/{parts[last]}" : parts[last];
        foreach (string part in parts)
            if (part.StartsWith("models--", StringComparison.Ordinal))
                yield return part;
    }
}

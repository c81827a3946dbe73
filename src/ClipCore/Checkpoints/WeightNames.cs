namespace ClipCore.Checkpoints;

/// <summary>All names of one dialect.</summary>
sealed record WeightNames(CheckpointDialect Dialect, TowerNames Vision, TowerNames Text)
{
    public const string LogitScale = "logit_scale";
    public const string LogitBias = "logit_bias";

    static readonly TowerNames s_openClipVision = new(["visual."], "visual.transformer.resblocks.", BlockNames.OpenClip,
        "visual.class_embedding", "visual.positional_embedding", "visual.ln_post", "visual.proj", "visual.conv1.weight", "visual.ln_pre");

    static readonly WeightNames s_openClip = new(CheckpointDialect.OpenClip, s_openClipVision,
        new TowerNames(["transformer.", "token_embedding.", "positional_embedding", "ln_final.", "text_projection"], "transformer.resblocks.",
            BlockNames.OpenClip, "token_embedding.weight", "positional_embedding", "ln_final", "text_projection"));

    static readonly WeightNames s_openClipCustomText = new(CheckpointDialect.OpenClipCustomText, s_openClipVision,
        new TowerNames(["text."], "text.transformer.resblocks.", BlockNames.OpenClip,
            "text.token_embedding.weight", "text.positional_embedding", "text.ln_final", "text.text_projection"));

    static readonly WeightNames s_huggingFace = new(CheckpointDialect.HuggingFace,
        new TowerNames(["vision_model.", "visual_projection."], "vision_model.encoder.layers.", BlockNames.HuggingFace,
            "vision_model.embeddings.class_embedding", "vision_model.embeddings.position_embedding.weight", "vision_model.post_layernorm",
            "visual_projection", "vision_model.embeddings.patch_embedding.weight", "vision_model.pre_layrnorm"),
        new TowerNames(["text_model.", "text_projection."], "text_model.encoder.layers.", BlockNames.HuggingFace,
            "text_model.embeddings.token_embedding.weight", "text_model.embeddings.position_embedding.weight", "text_model.final_layer_norm",
            "text_projection"));

    /// <summary>Beginnings of names that give away a model of another kind.</summary>
    static readonly (string Start, string Kind)[] s_otherModels =
    [
        ("visual.trunk.attn_pool.", "is a SigLIP model, which is not supported yet"),
        ("vision_model.head.", "is a SigLIP model, which is not supported yet"),
        ("text_model.head.", "is a SigLIP model, which is not supported yet"),
        ("visual.trunk.", "has a vision tower of timm; only CLIP's own vision transformer is supported"),
        ("visual.layer1.", "has a ResNet as its vision tower; only vision transformers are supported"),
        ("visual.head.", "has a vision tower with a pooling head; only CLIP's own vision transformer is supported"),
        ("text_decoder.", "is a CoCa model; only CLIP is supported"),
        ("text.transformer.encoder.", "has a text tower of Hugging Face's transformers library; only CLIP's own is supported"),
        ("text.transformer.embeddings.", "has a text tower of Hugging Face's transformers library; only CLIP's own is supported"),
    ];

    /// <summary>Recognises the dialect by the names of the weights; the name of the file says nothing.</summary>
    /// <exception cref="UnsupportedModelException">They are of another kind of model, or of none that is known.</exception>
    public static WeightNames Detect(string source, IReadOnlyCollection<string> names)
    {
        foreach ((string start, string kind) in s_otherModels)
            if (names.FirstOrDefault(name => name.StartsWith(start, StringComparison.Ordinal)) is string found)
                throw new UnsupportedModelException(source, $"{kind} (weight '{found}').");
        if (names.FirstOrDefault(name => name.Contains(".ls_1.", StringComparison.Ordinal) || name.Contains(".ls_2.", StringComparison.Ordinal))
            is string scale)
            throw new UnsupportedModelException(source, $"scales the output of its blocks (weight '{scale}'), which is not supported.");

        // A tower alone may lack the weights that tell OpenCLIP's two forms apart; the custom form needs a text tower.
        foreach (WeightNames dialect in (ReadOnlySpan<WeightNames>)[s_huggingFace, s_openClipCustomText, s_openClip])
            if (names.Contains(dialect.Text.Embedding))
                return dialect;
        foreach (WeightNames dialect in (ReadOnlySpan<WeightNames>)[s_huggingFace, s_openClip])
            if (names.Contains(dialect.Vision.Patches))
                return dialect;
        throw new UnsupportedModelException(source, names.Count == 0 ? "holds no weights."
            : $"is no CLIP model that is known; its weights are called {string.Join(", ", names.Order(StringComparer.Ordinal).Take(3))}…");
    }

    /// <summary>Buffers and notes of other programs that say nothing new.</summary>
    public static bool IsKnownBuffer(string name) =>
        name is "attn_mask" or "input_resolution" or "context_length" or "vocab_size"
        || name.EndsWith(".attn_mask", StringComparison.Ordinal) || name.EndsWith("position_ids", StringComparison.Ordinal);
}

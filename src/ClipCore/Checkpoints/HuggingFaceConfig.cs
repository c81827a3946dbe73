namespace ClipCore.Checkpoints;

/// <summary>
/// Reads Hugging Face's <c>config.json</c> of a CLIP model or of one tower. Fields that are missing have the library's defaults: the
/// sizes of B/32, and quick_gelu.
/// </summary>
static class HuggingFaceConfig
{
    /// <summary>Stored by the library before it knew CLIP's end token; it then pools at the largest id.</summary>
    const int LegacyEndToken = 2;

    const int DefaultEndToken = 49407;

    public static ConfigReading Read(JsonFields top)
    {
        List<string> oddities = [];
        string type = top.Text("model_type") ?? "clip";
        ClipConfig config;
        string? conflict = null;
        switch (type)
        {
            case "clip":
                VisionConfig vision = ReadVision(TowerFields(top, "vision_config", ref conflict, oddities));
                TextConfig text = ReadText(TowerFields(top, "text_config", ref conflict, oddities), oddities);
                config = new ClipConfig { EmbedWidth = top.Int("projection_dim") ?? 512, Vision = vision, Text = text };
                break;
            case "clip_vision_model":
                config = new ClipConfig { EmbedWidth = top.Int("projection_dim") ?? 512, Vision = ReadVision(top) };
                break;
            case "clip_text_model":
                config = new ClipConfig { EmbedWidth = top.Int("projection_dim") ?? 512, Text = ReadText(top, oddities) };
                break;
            case "siglip" or "siglip2" or "siglip_vision_model" or "siglip_text_model":
                throw new UnsupportedModelException(top.Source, "is a SigLIP model, which is not supported yet.");
            default:
                throw new UnsupportedModelException(
                    top.Source, $"describes a model of type '{type}'; clip, clip_vision_model and clip_text_model are supported.");
        }
        return new ConfigReading(config, top.Text("_name_or_path") is { Length: > 0 } name ? [name] : [], oddities, conflict)
        {
            PreprocessFault = "there is no preprocessor_config.json or processor_config.json",
        };
    }

    /// <summary>
    /// The fields of a tower. Old files repeat them as <c>vision_config_dict</c>, which the library completes with its defaults
    /// and then prefers.
    /// </summary>
    static JsonFields TowerFields(JsonFields top, string name, ref string? conflict, List<string> oddities)
    {
        JsonFields? current = top.Object(name);
        string legacyName = name + "_dict";
        if (!top.IsObject(legacyName))
            return current ?? new JsonFields(top.Source, name, System.Text.Json.JsonElement.Parse("{}"u8));
        JsonFields legacy = top.Object(legacyName)!;
        oddities.Add($"{Path.GetFileName(top.Source)}: the old field {legacyName} is taken in place of {name}");
        if (current != null && current.Has("hidden_act") && ReadActivation(current) != ReadActivation(legacy))
            conflict = $"{name}.hidden_act is {current.Text("hidden_act")}, but {legacyName}, which the library prefers, means "
                + $"{legacy.Text("hidden_act") ?? "its default, quick_gelu"}.";
        return legacy;
    }

    static VisionConfig ReadVision(JsonFields fields)
    {
        if (fields.Int("num_channels") is int channels and not 3)
            throw new UnsupportedModelException(fields.Source, $"'{fields.FullName("num_channels")}' is {channels}; pictures have 3 channels here.");
        return new VisionConfig
        {
            ImageSize = fields.Side("image_size") ?? 224,
            PatchSize = fields.Side("patch_size") ?? 32,
            Width = fields.Int("hidden_size") ?? 768,
            LayerCount = fields.Int("num_hidden_layers") ?? 12,
            HeadCount = fields.Int("num_attention_heads") ?? 12,
            MlpWidth = fields.Int("intermediate_size") ?? 3072,
            LayerNormEpsilon = (float)(fields.Number("layer_norm_eps") ?? 1e-5),
            Activation = ReadActivation(fields),
        };
    }

    static TextConfig ReadText(JsonFields fields, List<string> oddities)
    {
        int vocabularySize = fields.Int("vocab_size") ?? 49408;
        int endToken = fields.Int("eos_token_id") ?? DefaultEndToken;
        bool legacy = endToken == LegacyEndToken || (!fields.Has("eos_token_id") && endToken >= vocabularySize);
        if (legacy)
            oddities.Add("the end token is not stated (or as 2, as old files do): texts are pooled at their largest token id");
        return new TextConfig
        {
            ContextLength = fields.Int("max_position_embeddings") ?? 77,
            VocabularySize = vocabularySize,
            Width = fields.Int("hidden_size") ?? 512,
            LayerCount = fields.Int("num_hidden_layers") ?? 12,
            HeadCount = fields.Int("num_attention_heads") ?? 8,
            MlpWidth = fields.Int("intermediate_size") ?? 2048,
            LayerNormEpsilon = (float)(fields.Number("layer_norm_eps") ?? 1e-5),
            Activation = ReadActivation(fields),
            EndTokenId = legacy ? null : endToken,
        };
    }

    static Activation ReadActivation(JsonFields fields) => fields.Text("hidden_act") switch
    {
        null or "quick_gelu" => Activation.QuickGelu,
        "gelu" or "gelu_python" => Activation.Gelu,
        "gelu_pytorch_tanh" or "gelu_new" => Activation.GeluTanh,
        string other => throw new UnsupportedModelException(
            fields.Source, $"'{fields.FullName("hidden_act")}' is '{other}'; gelu, quick_gelu and gelu_pytorch_tanh are supported."),
    };
}

using ClipCore.Images;

namespace ClipCore.Checkpoints;

/// <summary>Reads <c>open_clip_config.json</c>, and the bare model descriptions of OpenCLIP. Missing fields have OpenCLIP's defaults.</summary>
static class OpenClipConfig
{
    public static ConfigReading Read(JsonFields top)
    {
        List<string> oddities = [];
        JsonFields model = top.Object("model_cfg") ?? top;
        bool quickGelu = model.Bool("quick_gelu") ?? false;
        model.Ignore("custom_text", "init_logit_scale", "init_logit_bias", "cast_dtype", "output_dict", "nonscalar_logit_scale");
        foreach (string other in (ReadOnlySpan<string>)["multimodal_cfg", "audio_cfg"])
            if (model.Has(other))
                throw new UnsupportedModelException(top.Source, $"'{model.FullName(other)}' belongs to a model that is no plain CLIP.");

        VisionConfig? vision = model.Object("vision_cfg") is JsonFields visionFields ? ReadVision(visionFields, quickGelu, oddities) : null;
        JsonFields? textFields = model.Object("text_cfg");
        TextConfig? text = textFields == null ? null : ReadText(textFields, quickGelu, oddities);
        if (vision == null && text == null)
            throw new ConfigException(top.Source, "describes neither a vision tower (vision_cfg) nor a text tower (text_cfg).");
        JsonFields? preprocess = top.Object("preprocess_cfg");
        ClipConfig config = new()
        {
            EmbedWidth = model.Int("embed_dim") ?? throw new ConfigException(top.Source, $"'{model.FullName("embed_dim")}' is missing."),
            Vision = vision,
            Text = text,
            Preprocess = vision == null || preprocess == null ? null : ReadPreprocess(preprocess, vision.ImageSize, oddities),
        };
        ConfigReading.NoteUnread(oddities, model);
        string name = Path.GetFileName(top.Source);
        return new ConfigReading(config, [], oddities)
        {
            OtherTokenizer = textFields == null ? null : OtherTokenizer(textFields),
            PreprocessFault = preprocess == null ? $"{name} has no preprocess_cfg"
                : !preprocess.Has("mean") || !preprocess.Has("std") ? $"the preprocess_cfg of {name} has no mean or no std" : null,
        };
    }

    static VisionConfig ReadVision(JsonFields fields, bool quickGelu, List<string> oddities)
    {
        if (fields.Text("timm_model_name") is string timm)
            throw new UnsupportedModelException(fields.Source, $"the vision tower is timm's '{timm}'; only OpenCLIP's own vision transformer is supported"
                + $"{(timm.Contains("siglip", StringComparison.OrdinalIgnoreCase) ? ", SigLIP is not supported yet" : "")}.");
        if (fields.IsList("layers"))
            throw new UnsupportedModelException(
                fields.Source, $"'{fields.FullName("layers")}' is a list: the vision tower is a ResNet; only vision transformers are supported.");
        fields.MustBe("pool_type", "tok");
        fields.MustBe("pos_embed_type", "learnable");
        fields.MustBe("global_average_pool", "false");
        fields.MustBe("attentional_pool", "false");
        fields.MustBe("no_ln_pre", "false");
        fields.MustBe("input_patchnorm", "false");
        // With the class token pooled, LayerNorm before and after pooling are the same.
        fields.Ignore("final_ln_after_pool", "patch_dropout", "output_tokens", "attn_pooler_queries", "attn_pooler_heads",
            "timm_model_pretrained", "timm_pool", "timm_proj", "timm_proj_bias", "timm_drop", "timm_drop_path");

        int width = fields.Int("width") ?? 768;
        int headWidth = fields.Int("head_width") ?? 64;
        if (headWidth < 1)
            throw new ConfigException(fields.Source, $"'{fields.FullName("head_width")}' is {headWidth}; it must be positive.");
        int headCount = width / headWidth;
        if (headCount > 0 && width % headWidth != 0)
            oddities.Add($"head_width {headWidth} does not divide the width {width}: as OpenCLIP does, {headCount} heads are taken");
        (Activation activation, float epsilon) = ReadBlocks(fields, quickGelu);
        VisionConfig vision = new()
        {
            ImageSize = fields.Side("image_size") ?? 224,
            PatchSize = fields.Side("patch_size") ?? 16,
            Width = width,
            LayerCount = fields.Int("layers") ?? 12,
            HeadCount = headCount,
            MlpWidth = MlpWidth(fields, width),
            LayerNormEpsilon = epsilon,
            Activation = activation,
        };
        ConfigReading.NoteUnread(oddities, fields);
        return vision;
    }

    static TextConfig ReadText(JsonFields fields, bool quickGelu, List<string> oddities)
    {
        if (fields.Text("hf_model_name") is string huggingFace)
            throw new UnsupportedModelException(
                fields.Source, $"the text tower is Hugging Face's '{huggingFace}'; only CLIP's own text transformer is supported.");
        fields.MustBe("embed_cls", "false");
        fields.MustBe("no_causal_mask", "false");
        fields.MustBe("proj_type", "linear");
        // What the fields about the tokenizer say is read by OtherTokenizer.
        fields.Ignore("hf_tokenizer_name", "tokenizer_kwargs", "tokenizer_mode", "hf_model_pretrained", "hf_proj_type", "hf_pooler_type", "pad_id",
             "proj_bias", "final_ln_after_pool", "output_tokens", "bert_tokenizer");
        int? endToken = null;
        if (fields.Text("pool_type") == "eos")
            endToken = fields.Int("eos_id") ?? 2;
        else
            fields.MustBe("pool_type", "argmax");
        fields.Ignore("eos_id");

        int width = fields.Int("width") ?? 512;
        (Activation activation, float epsilon) = ReadBlocks(fields, quickGelu);
        TextConfig text = new()
        {
            ContextLength = fields.Int("context_length") ?? 77,
            VocabularySize = fields.Int("vocab_size") ?? 49408,
            Width = width,
            LayerCount = fields.Int("layers") ?? 12,
            HeadCount = fields.Int("heads") ?? 8,
            MlpWidth = MlpWidth(fields, width),
            LayerNormEpsilon = epsilon,
            Activation = activation,
            EndTokenId = endToken,
        };
        ConfigReading.NoteUnread(oddities, fields);
        return text;
    }

    /// <summary>How the text tower's fields name another tokenizer than CLIP's, as OpenCLIP's factory reads them; null when they do not.</summary>
    static string? OtherTokenizer(JsonFields fields)
    {
        if (fields.Text("hf_tokenizer_name") is { Length: > 0 } name && !TokenizerFit.IsClips(name))
            return $"its texts are cut by the tokenizer '{name}' ({fields.FullName("hf_tokenizer_name")}), which is not supported: give token ids.";
        if (fields.Object("tokenizer_kwargs") is not JsonFields settings)
            return null;
        int context = fields.Int("context_length") ?? 77;
        bool isClips = (settings.Text("clean") is null or "lower") && (settings.Int("context_length") ?? context) == context
            && (settings.Text("reduction_mask") is null or "");
        string? other = settings.Unread.FirstOrDefault();
        return isClips && other == null ? null
            : $"its tokenizer has settings ({other ?? fields.FullName("tokenizer_kwargs")}) that are not supported: give token ids.";
    }

    static (Activation Activation, float Epsilon) ReadBlocks(JsonFields fields, bool quickGelu)
    {
        fields.MustBe("ls_init_value", "");
        fields.MustBe("block_type", "default");
        foreach (string variant in (ReadOnlySpan<string>)["qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc"])
            fields.MustBe(variant, "false");
        Activation activation = quickGelu ? Activation.QuickGelu : Activation.Gelu;
        if (fields.Object("act_kwargs") is JsonFields arguments && arguments.Text("approximate") is string approximate)
            activation = (quickGelu, approximate) switch
            {
                (false, "tanh") => Activation.GeluTanh,
                (false, "none") => Activation.Gelu,
                _ => throw new UnsupportedModelException(
                    fields.Source, $"'{arguments.FullName("approximate")}' is '{approximate}', which is not supported here."),
            };
        return (activation, (float)(fields.Object("norm_kwargs")?.Number("eps") ?? 1e-5));
    }

    // The product is cut off, as Python's int() does: 1664 · 4.9231 = 8192.04 gives bigG's 8192.
    static int MlpWidth(JsonFields fields, int width) => (int)Math.Clamp((fields.Number("mlp_ratio") ?? 4) * width, -1, int.MaxValue);

    static PreprocessConfig ReadPreprocess(JsonFields fields, int imageSize, List<string> oddities)
    {
        fields.Ignore("mode");
        PreprocessConfig preprocess = new()
        {
            Size = fields.Side("size") ?? imageSize,
            ResizeMode = fields.Text("resize_mode") switch
            {
                null or "shortest" => ResizeMode.Shortest,
                "longest" => ResizeMode.Longest,
                "squash" => ResizeMode.Squash,
                string other => throw new UnsupportedModelException(
                    fields.Source, $"'{fields.FullName("resize_mode")}' is '{other}'; shortest, longest and squash are supported."),
            },
            Interpolation = fields.Text("interpolation") switch
            {
                null or "bicubic" => Interpolation.Bicubic,
                "bilinear" => Interpolation.Bilinear,
                string other => throw new UnsupportedModelException(
                    fields.Source, $"'{fields.FullName("interpolation")}' is '{other}'; bicubic and bilinear are supported."),
            },
            FillValue = fields.Int("fill_color") switch
            {
                null => 0,
                int fill and >= 0 and <= 255 => (byte)fill,
                int fill => throw new ConfigException(fields.Source, $"'{fields.FullName("fill_color")}' is {fill}; it must lie between 0 and 255."),
            },
            Mean = fields.Rgb("mean") ?? PreprocessConfig.ClipMean,
            Std = fields.Rgb("std") ?? PreprocessConfig.ClipStd,
        };
        ConfigReading.NoteUnread(oddities, fields);
        return preprocess;
    }
}

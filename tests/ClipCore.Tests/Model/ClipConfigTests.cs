using System.Text;
using ClipCore.Checkpoints;
using ClipCore.Images;
using ClipCore.Numerics;
using ClipCore.Segmentation;

namespace ClipCore.Tests.Model;

public class ClipConfigTests
{
    /// <summary>Field by field: image, patch, width, layers, heads, mlp, embed, text width, heads, layers; sizes as published by OpenCLIP.</summary>
    [TestCase("""{"embed_dim":512,"vision_cfg":{"image_size":224,"layers":12,"width":768,"patch_size":32},"text_cfg":"""
        + """{"context_length":77,"vocab_size":49408,"width":512,"heads":8,"layers":12}}""",
        224, 32, 768, 12, 12, 64, 3072, 512, 512, 8, 12, 50, TestName = "B/32")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"image_size":224,"layers":12,"width":768,"patch_size":16},"text_cfg":{}}""",
        224, 16, 768, 12, 12, 64, 3072, 512, 512, 8, 12, 197, TestName = "B/16")]
    [TestCase("""{"embed_dim":768,"vision_cfg":{"image_size":224,"layers":24,"width":1024,"patch_size":14},"text_cfg":{"width":768,"heads":12,"layers":12}}""",
        224, 14, 1024, 24, 16, 64, 4096, 768, 768, 12, 12, 257, TestName = "L/14")]
    [TestCase("""{"embed_dim":768,"vision_cfg":{"image_size":[336,336],"layers":24,"width":1024,"patch_size":14},"text_cfg":"""
        + """{"width":768,"heads":12,"layers":12}}""",
        336, 14, 1024, 24, 16, 64, 4096, 768, 768, 12, 12, 577, TestName = "L/14-336")]
    [TestCase("""{"embed_dim":1024,"vision_cfg":{"image_size":224,"layers":32,"width":1280,"head_width":80,"patch_size":14},"text_cfg":"""
        + """{"width":1024,"heads":16,"layers":24}}""",
        224, 14, 1280, 32, 16, 80, 5120, 1024, 1024, 16, 24, 257, TestName = "H/14")]
    [TestCase("""{"embed_dim":1280,"vision_cfg":"""
        + """{"image_size":224,"layers":48,"width":1664,"head_width":104,"mlp_ratio":4.9231,"patch_size":14},"text_cfg":"""
        + """{"width":1280,"heads":20,"layers":32}}""",
        224, 14, 1664, 48, 16, 104, 8192, 1280, 1280, 20, 32, 257, TestName = "bigG/14")]
    public void OpenClip_PublishedSizes_AreRead(string json, int image, int patch, int width, int layers, int heads, int headWidth, int mlp, int embed,
        int textWidth, int textHeads, int textLayers, int tokens)
    {
        foreach (string text in (string[])[json, $$"""{"model_cfg":{{json}},"preprocess_cfg":null}"""])
        {
            ClipConfig config = Parse(text).Config;
            VisionConfig vision = config.Vision!;
            Assert.That((vision.ImageSize, vision.PatchSize, vision.Width, vision.LayerCount, vision.HeadCount, vision.HeadWidth, vision.MlpWidth),
                Is.EqualTo((image, patch, width, layers, heads, headWidth, mlp)));
            Assert.That((config.EmbedWidth, config.Text!.Width, config.Text.HeadCount, config.Text.LayerCount, vision.TokenCount),
                Is.EqualTo((embed, textWidth, textHeads, textLayers, tokens)));
            Assert.That((config.Text.ContextLength, config.Text.VocabularySize, config.Text.EndTokenId, config.Text.MlpWidth),
                Is.EqualTo((77, 49408, (int?)null, 4 * textWidth)));
            Assert.That((vision.Activation, vision.LayerNormEpsilon), Is.EqualTo((Activation.Gelu, 1e-5f)));
        }
    }

    [Test]
    public void OpenClip_Switches_AreFollowed()
    {
        ConfigReading reading = Parse("""
            {"model_cfg":{"embed_dim":64,
            "vision_cfg":{"width":128,"head_width":60,"act_kwargs":{"approximate":"tanh"},"norm_kwargs":{"eps":1e-6},"pool_type":"tok",
            "future":1},"text_cfg":{"pool_type":"eos","eos_id":7}},
            "preprocess_cfg":{"mean":[0.5,0.5,0.25],"std":0.5,"interpolation":"bilinear","resize_mode":"longest","fill_color":9}}
            """);
        VisionConfig vision = reading.Config.Vision!;
        PreprocessConfig preprocess = reading.Config.Preprocess!;
        Assert.Multiple(() =>
        {
            Assert.That((vision.HeadCount, vision.Activation, vision.LayerNormEpsilon), Is.EqualTo((2, Activation.GeluTanh, 1e-6f)));
            Assert.That(reading.Config.Text!.EndTokenId, Is.EqualTo(7));
            Assert.That(reading.Config.Text.Activation, Is.EqualTo(Activation.Gelu));
            Assert.That((preprocess.Mean, preprocess.Std), Is.EqualTo((new RgbValues(0.5f, 0.5f, 0.25f), new RgbValues(0.5f, 0.5f, 0.5f))));
            Assert.That((preprocess.Interpolation, preprocess.ResizeMode, preprocess.FillValue, preprocess.ConvertRgbFirst),
                Is.EqualTo((Interpolation.Bilinear, ResizeMode.Longest, (byte)9, false)));
            Assert.That(reading.Oddities, Has.Some.Contain("vision_cfg.future").And.Some.Contain("head_width 60"));
        });
        Assert.That(Parse("""{"embed_dim":64,"quick_gelu":true,"vision_cfg":{}}""").Config.Vision!.Activation, Is.EqualTo(Activation.QuickGelu));
        Assert.That(Parse("""{"embed_dim":64,"vision_cfg":{}}""").PreprocessFault, Does.Contain("preprocess_cfg"));
    }

    [TestCase("""{"embed_dim":512,"vision_cfg":{"timm_model_name":"vit_base_patch16_siglip_224"}}""", "SigLIP")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"timm_model_name":"convnext_base"}}""", "timm")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"layers":[3,4,6,3]}}""", "ResNet")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"image_size":[224,112]}}""", "squares")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"attentional_pool":true}}""", "attentional_pool")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"no_ln_pre":true}}""", "no_ln_pre")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"pool_type":"avg"}}""", "pool_type")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"ls_init_value":0.1}}""", "ls_init_value")]
    [TestCase("""{"embed_dim":512,"quick_gelu":true,"vision_cfg":{"act_kwargs":{"approximate":"tanh"}}}""", "approximate")]
    [TestCase("""{"embed_dim":512,"text_cfg":{"hf_model_name":"roberta-base"}}""", "roberta-base")]
    [TestCase("""{"embed_dim":512,"text_cfg":{"no_causal_mask":true}}""", "no_causal_mask")]
    [TestCase("""{"embed_dim":512,"text_cfg":{"pool_type":"last"}}""", "pool_type")]
    [TestCase("""{"embed_dim":512,"text_cfg":{"embed_cls":true}}""", "embed_cls")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{},"multimodal_cfg":{}}""", "multimodal_cfg")]
    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":{"interpolation":"random"}}""", "interpolation")]
    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":{"resize_mode":"fit"}}""", "resize_mode")]
    [TestCase("""{"model_type":"siglip"}""", "SigLIP")]
    [TestCase("""{"model_type":"bert"}""", "bert")]
    [TestCase("""{"model_type":"clip","vision_config":{"hidden_act":"relu"}}""", "relu")]
    [TestCase("""{"model_type":"clip","vision_config":{"num_channels":4}}""", "num_channels")]
    public void Parse_OtherArchitectures_AreRefused(string json, string mentioned) =>
        Assert.That(() => Parse(json), Throws.InstanceOf<UnsupportedModelException>().With.Message.StartsWith("config: ").And.Message.Contains(mentioned));

    [TestCase("""[]""", "object")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{},"embed_dim":5}""", "JSON")]
    [TestCase("""{"embed_dim":512}""", "neither")]
    [TestCase("""{"vision_cfg":{}}""", "embed_dim")]
    [TestCase("""{"embed_dim":0,"vision_cfg":{}}""", "embed_dim")]
    [TestCase("""{"embed_dim":"512","vision_cfg":{}}""", "embed_dim")]
    [TestCase("""{"embed_dim":512.5,"vision_cfg":{}}""", "embed_dim")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"layers":0}}""", "vision layers is 0")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"layers":1000000}}""", "vision layers")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"width":-768}}""", "vision width")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"width":1000000000}}""", "vision width")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"width":48}}""", "vision heads is 0")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"width":770,"head_width":64}}""", "770")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"head_width":0}}""", "head_width")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"mlp_ratio":0}}""", "mlp")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"mlp_ratio":1e30}}""", "mlp")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"patch_size":225}}""", "patch size")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"image_size":100000}}""", "image size")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"image_size":8000,"patch_size":2}}""", "tokens")]
    [TestCase("""{"embed_dim":512,"vision_cfg":{"norm_kwargs":{"eps":0}}}""", "epsilon")]
    [TestCase("""{"embed_dim":512,"text_cfg":{"width":512,"heads":7}}""", "7 heads")]
    [TestCase("""{"embed_dim":512,"text_cfg":{"vocab_size":0}}""", "vocabulary")]
    [TestCase("""{"embed_dim":512,"text_cfg":{"context_length":-1}}""", "context length")]
    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":{"std":[0,1,1]}}""", "deviations")]
    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":{"mean":[0,1]}}""", "three numbers")]
    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":{"size":256}}""", "256")]
    [TestCase("""{"model_type":"clip","text_config":{"eos_token_id":60000}}""", "end token")]
    public void Parse_InvalidValues_AreRefused(string json, string mentioned) =>
        Assert.That(() => Parse(json), Throws.InstanceOf<ConfigException>().With.Message.StartsWith("config: ").And.Message.Contains(mentioned));

    [Test]
    public void HuggingFace_MissingFields_HaveTheLibrarysDefaults()
    {
        ClipConfig config = Parse("""{"model_type":"clip"}""").Config;
        Assert.That(config.EmbedWidth, Is.EqualTo(512));
        Assert.That(config.Vision,
            Is.EqualTo(new VisionConfig
            {
                ImageSize = 224,
                PatchSize = 32,
                Width = 768,
                LayerCount = 12,
                HeadCount = 12,
                MlpWidth = 3072,
                Activation = Activation.QuickGelu,
            }));
        Assert.That(config.Text,
            Is.EqualTo(new TextConfig
            {
                ContextLength = 77,
                VocabularySize = 49408,
                Width = 512,
                LayerCount = 12,
                HeadCount = 8,
                MlpWidth = 2048,
                Activation = Activation.QuickGelu,
                EndTokenId = 49407,
            }));
        Assert.That(config.Preprocess, Is.Null);
    }

    [Test]
    public void HuggingFace_LegacyFields_AreFollowed()
    {
        ConfigReading reading = Parse("""
            {"model_type":"clip","_name_or_path":"openai/clip-vit-large-patch14","projection_dim":768,"text_config":{"hidden_size":1,"eos_token_id":2},
            "text_config_dict":{"hidden_size":768,"intermediate_size":3072,"num_attention_heads":12,"eos_token_id":2},
            "vision_config":{"hidden_size":1024,"intermediate_size":4096,"num_attention_heads":16,"num_hidden_layers":24,"patch_size":14},
            "vision_config_dict":null}
            """);
        Assert.That(reading.Config.Text,
            Is.EqualTo(new TextConfig
            {
                ContextLength = 77,
                VocabularySize = 49408,
                Width = 768,
                LayerCount = 12,
                HeadCount = 12,
                MlpWidth = 3072,
                Activation = Activation.QuickGelu,
                EndTokenId = null,
            }));
        Assert.That(reading.Config.Vision!.Width, Is.EqualTo(1024));
        Assert.That(reading.Names, Is.EqualTo((string[])["openai/clip-vit-large-patch14"]));
        Assert.That(reading.Oddities, Has.Some.Contain("text_config_dict").And.Some.Contain("largest token id"));
        Assert.That(reading.PreprocessFault, Does.Contain("preprocessor_config.json"));
        Assert.That(reading.ActivationConflict, Is.Null);
        Assert.That(Parse("""{"text_config":{"hidden_act":"gelu"},"text_config_dict":{}}""").ActivationConflict, Does.Contain("quick_gelu"));
    }

    [TestCase("""{"size":224}""", ResizeMode.Shortest)]
    [TestCase("""{"size":{"shortest_edge":224},"crop_size":224,"image_processor_type":"CLIPImageProcessor"}""", ResizeMode.Shortest)]
    [TestCase("""{"size":{"height":224,"width":224},"crop_size":{"height":224,"width":224}}""", ResizeMode.Squash)]
    [TestCase("""{"size":{"height":224,"width":224},"do_center_crop":false}""", ResizeMode.Squash)]
    [TestCase("""{}""", ResizeMode.Shortest)]
    public void Preprocessor_SizeForms_AreRead(string json, ResizeMode mode)
    {
        PreprocessConfig preprocess = Parse("""{"model_type":"clip"}""", json).Config.Preprocess!;
        Assert.That(preprocess, Is.EqualTo(new PreprocessConfig { Size = 224, ResizeMode = mode, ConvertRgbFirst = true }));
    }

    [Test]
    public void Preprocessor_Values_AreRead()
    {
        PreprocessConfig preprocess = Parse("""{"model_type":"clip"}""",
            """{"size":224,"resample":2,"do_convert_rgb":false,"rescale_factor":0.5,"image_mean":[1,2,3],"image_std":[4,5,6]}""").Config.Preprocess!;
        Assert.That(preprocess, Is.EqualTo(new PreprocessConfig
        {
            Size = 224,
            Interpolation = Interpolation.Bilinear,
            ConvertRgbFirst = false,
            RescaleFactor = 0.5,
            Mean = new RgbValues(1, 2, 3),
            Std = new RgbValues(4, 5, 6),
        }));
        Assert.That(Parse("""{"model_type":"clip"}""", """{"do_normalize":false}""").Config.Preprocess,
            Is.EqualTo(new PreprocessConfig { Size = 224, ConvertRgbFirst = true, Mean = default, Std = new RgbValues(1, 1, 1) }));
    }

    [TestCase("""{"size":256,"crop_size":224}""", "256")]
    [TestCase("""{"size":224,"do_center_crop":false}""", "square")]
    [TestCase("""{"size":{"height":224,"width":200}}""", "200")]
    [TestCase("""{"size":{"longest_edge":224}}""", "shortest_edge")]
    [TestCase("""{"resample":1}""", "resample")]
    [TestCase("""{"do_resize":false}""", "do_resize")]
    [TestCase("""{"size":336,"crop_size":336}""", "336")]
    public void Preprocessor_OtherForms_AreRefused(string json, string mentioned) =>
        Assert.That(() => Parse("""{"model_type":"clip"}""", json), Throws.InstanceOf<CheckpointException>().With.Message.Contains(mentioned));

    [Test]
    public void RgbValues_Index_IsTheChannel()
    {
        RgbValues values = new(1, 2, 3);
        Assert.That((values[0], values[1], values[2]), Is.EqualTo((1f, 2f, 3f)));
        Assert.That(() => values[3], Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":{"std":[1,1,1]}}""", "no mean or no std")]
    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":{}}""", "no mean or no std")]
    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":null}""", "no preprocess_cfg")]
    [TestCase("""{"model_cfg":{"embed_dim":512,"vision_cfg":{}},"preprocess_cfg":{"mean":[0,0,0],"std":[1,1,1]}}""", null)]
    public void OpenClip_IncompletePreprocessing_IsMissing(string json, string? fault)
    {
        Assert.That(Parse(json).PreprocessFault, fault == null ? Is.Null : Does.Contain(fault!));
        ConfigReading completed = Parse(json, """{"resample":2,"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5]}""");
        Assert.That(completed.PreprocessFault, Is.Null);
        Assert.That(completed.Config.Preprocess!.Interpolation, Is.EqualTo(fault == null ? Interpolation.Bicubic : Interpolation.Bilinear));
    }

    [Test]
    public void Preprocessor_NestedInProcessorConfig_IsReadAlike()
    {
        string nested = File.ReadAllText(TestData.Case("checkpoints/processor_config.json"));
        string flat = File.ReadAllText(TestData.Case("checkpoints/preprocessor_config.json"));
        const string Config = """{"model_type":"clip","vision_config":{"image_size":48,"patch_size":16}}""";
        PreprocessConfig preprocess = Parse(Config, nested).Config.Preprocess!;
        Assert.That(preprocess, Is.EqualTo(Parse(Config, flat).Config.Preprocess));
        Assert.That(preprocess, Is.EqualTo(new PreprocessConfig
        {
            Size = 48,
            Interpolation = Interpolation.Bilinear,
            ConvertRgbFirst = true,
            Mean = new RgbValues(0.5f, 0.5f, 0.5f),
            Std = new RgbValues(0.5f, 0.5f, 0.5f),
            RescaleFactor = 0.00392156862745098,
        }));
        Assert.That(() => Parse(Config, """{"image_processor":{"size":48,"crop_size":48,"resample":"x"}}"""),
            Throws.InstanceOf<ConfigException>().With.Message.Contains("'image_processor.resample'"));
    }

    [Test]
    public void Preprocessor_OfAnotherKind_MustSayEverything()
    {
        const string Config = """{"model_type":"clip"}""";
        Assert.That(() => Parse(Config, """{"image_processor_type":"ViTImageProcessor","size":224,"resample":2,"image_mean":[0,0,0]}"""),
            Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains("'image_std'").And.Message.Contains("ViTImageProcessor"));
        const string Whole = """{"image_processor_type":"ViTImageProcessor","size":224,"resample":2,"image_mean":[0,0,0],"image_std":[1,1,1]}""";
        Assert.That(Parse(Config, Whole).PreprocessFault, Is.Null);
    }

    [TestCase("""{"hf_tokenizer_name":"bert-base-uncased"}""", "bert-base-uncased")]
    [TestCase("""{"hf_tokenizer_name":"timm/ViT-B-16-SigLIP"}""", "SigLIP")]
    [TestCase("""{"hf_tokenizer_name":"openai/clip-vit-base-patch32"}""", null)]
    [TestCase("""{"tokenizer_kwargs":{"clean":"canonicalize"}}""", "tokenizer_kwargs")]
    [TestCase("""{"tokenizer_kwargs":{"strip_sep_token":true}}""", "strip_sep_token")]
    [TestCase("""{"tokenizer_kwargs":{"context_length":64}}""", "tokenizer_kwargs")]
    [TestCase("""{"context_length":64,"tokenizer_kwargs":{"context_length":64,"clean":"lower"}}""", null)]
    [TestCase("""{}""", null)]
    public void OpenClip_OtherTokenizers_AreNoted(string text, string? mentioned) =>
        Assert.That(Parse($$"""{"embed_dim":64,"text_cfg":{{text}}}""").OtherTokenizer, mentioned == null ? Is.Null : Does.Contain(mentioned!));

    [TestCase("""{"model_cfg":5}""", "'model_cfg'")]
    [TestCase("""{"embed_dim":64,"vision_cfg":[]}""", "'vision_cfg'")]
    [TestCase("""{"embed_dim":64,"vision_cfg":{"layers":"12"}}""", "'vision_cfg.layers'")]
    [TestCase("""{"embed_dim":64,"vision_cfg":{"timm_model_name":{}}}""", "'vision_cfg.timm_model_name'")]
    [TestCase("""{"embed_dim":64,"vision_cfg":{"act_kwargs":{"approximate":5}}}""", "'vision_cfg.act_kwargs.approximate'")]
    [TestCase("""{"embed_dim":64,"vision_cfg":{"norm_kwargs":[]}}""", "'vision_cfg.norm_kwargs'")]
    [TestCase("""{"embed_dim":64,"quick_gelu":"yes","vision_cfg":{}}""", "'quick_gelu'")]
    [TestCase("""{"embed_dim":64,"text_cfg":{"hf_tokenizer_name":5}}""", "'text_cfg.hf_tokenizer_name'")]
    [TestCase("""{"embed_dim":64,"text_cfg":{"tokenizer_kwargs":"lower"}}""", "'text_cfg.tokenizer_kwargs'")]
    [TestCase("""{"model_cfg":{"embed_dim":64,"vision_cfg":{}},"preprocess_cfg":[]}""", "'preprocess_cfg'")]
    [TestCase("""{"model_cfg":{"embed_dim":64,"vision_cfg":{}},"preprocess_cfg":{"mean":"0.5","std":1}}""", "'preprocess_cfg.mean'")]
    [TestCase("""{"model_type":["clip"]}""", "'model_type'")]
    [TestCase("""{"model_type":"clip","vision_config":"b32"}""", "'vision_config'")]
    [TestCase("""{"model_type":"clip","text_config":{"eos_token_id":[49407]}}""", "'text_config.eos_token_id'")]
    [TestCase("""{"model_type":"clip","_name_or_path":1}""", "'_name_or_path'")]
    [TestCase("""{"embed_dim":64,"vision_cfg":{"timm_model_name":"\ud800"}}""", "surrogate")]
    public void Parse_ValuesOfAnotherType_NameTheField(string json, string mentioned) =>
        Assert.That(() => Parse(json), Throws.InstanceOf<ConfigException>().With.Message.StartsWith("config: ").And.Message.Contains(mentioned));

    [Test]
    public void Parse_ByteOrderMark_IsPassedOver()
    {
        Assert.That(Parse("\uFEFF{\"embed_dim\":64,\"vision_cfg\":{}}").Config.EmbedWidth, Is.EqualTo(64));
        Assert.That(() => ConfigReading.Parse("config", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")], "", null),
            Throws.InstanceOf<ConfigException>().With.Message.Contains("UTF-16"));
        Assert.That(() => ConfigReading.Parse("config", [(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}'], "", null),
            Throws.InstanceOf<ConfigException>().With.Message.Contains("UTF-8"));
    }

    static ConfigReading Parse(string json, string? preprocessor = null) =>
        ConfigReading.Parse("config", Encoding.UTF8.GetBytes(json), "preprocessor", preprocessor == null ? null : Encoding.UTF8.GetBytes(preprocessor));
}

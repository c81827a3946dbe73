using System.Security.Cryptography;
using System.Text;
using ClipCore.Checkpoints;
using ClipCore.Files;
using ClipCore.Numerics;
using ClipCore.Safetensors;

namespace ClipCore.Tests.Model;

public class CheckpointTests
{
    [TestCase("tiny-gelu", Activation.Gelu, 64, 4, 3, 256, 17, 49408)]
    [TestCase("tiny-quickgelu", Activation.QuickGelu, 96, 3, 4, 384, 10, 600)]
    [TestCase("tiny-quickgelu-hf", Activation.QuickGelu, 96, 3, 4, 384, 10, 600)]
    [TestCase("tiny-fp16", Activation.Gelu, 80, 4, 3, 349, 17, 49408)]
    public void Open_GoldenModel_IsUnderstood(string name, Activation activation, int width, int heads, int layers, int mlp, int tokens, int vocabulary)
    {
        using Checkpoint checkpoint = Checkpoint.Open(TestData.Golden($"models/{name}"));
        VisionConfig vision = checkpoint.Config.Vision!;
        Assert.Multiple(() =>
        {
            Assert.That((vision.Activation, vision.Width, vision.HeadCount, vision.LayerCount, vision.MlpWidth, vision.TokenCount),
                Is.EqualTo((activation, width, heads, layers, mlp, tokens)));
            Assert.That(checkpoint.Config.Text!.VocabularySize, Is.EqualTo(vocabulary));
            Assert.That(checkpoint.Config.Preprocess!.Size, Is.EqualTo(vision.ImageSize));
            Assert.That(checkpoint.Vision!.Blocks, Has.Count.EqualTo(layers));
            Assert.That(checkpoint.LogitScale, Is.GreaterThan(0));
            Assert.That(checkpoint.LogitBias, Is.Null);
            Assert.That(checkpoint.Vision.PatchEmbedding.Shape.ToArray(), Is.EqualTo((long[])[width, 3 * vision.PatchSize * vision.PatchSize]));
            Assert.That(checkpoint.Oddities.Any(line => line.Contains("half precision")), Is.EqualTo(name == "tiny-fp16"));
            Assert.That(checkpoint.Oddities.Any(line => line.Contains("position_ids")), Is.EqualTo(name == "tiny-quickgelu-hf"));
            Assert.That(checkpoint.Config.Preprocess.ConvertRgbFirst, Is.EqualTo(name == "tiny-quickgelu-hf"));
        });
    }

    [Test]
    public void Open_DemoModel_IsUnderstood()
    {
        using Checkpoint checkpoint = Checkpoint.Open(TestData.Demo(), new CheckpointOptions { CheckFinite = true });
        Assert.Multiple(() =>
        {
            Assert.That(checkpoint.Dialect, Is.EqualTo(CheckpointDialect.OpenClip));
            Assert.That((checkpoint.Config.EmbedWidth, checkpoint.Config.Vision!.TokenCount, checkpoint.Config.Text!.ContextLength),
                Is.EqualTo((128, 145, 32)));
            Assert.That(checkpoint.ElementTypes.Keys, Is.EqualTo((DType[])[DType.F16]));
            Assert.That(checkpoint.ParameterCount, Is.EqualTo((checkpoint.FileLength - 8 - 13040) / 2));
            Assert.That(checkpoint.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(TestData.Demo("model.safetensors"))))));
        });
    }

    [Test]
    public void Open_BothDialects_GiveEqualWeights()
    {
        using Checkpoint openClip = Checkpoint.Open(TestData.Golden("models/tiny-quickgelu")),
            huggingFace = Checkpoint.Open(TestData.Golden("models/tiny-quickgelu-hf"));
        Assert.That((openClip.Dialect, huggingFace.Dialect), Is.EqualTo((CheckpointDialect.OpenClip, CheckpointDialect.HuggingFace)));
        Assert.That(huggingFace.Config with { Preprocess = null, Text = null }, Is.EqualTo(openClip.Config with { Preprocess = null, Text = null }));
        Assert.That(huggingFace.Config.Text! with { EndTokenId = null }, Is.EqualTo(openClip.Config.Text));
        Assert.That(huggingFace.ParameterCount, Is.EqualTo(openClip.ParameterCount));
        Assert.That(huggingFace.LogitScale, Is.EqualTo(openClip.LogitScale));
        AssertEqual(openClip.Vision!.PatchEmbedding, huggingFace.Vision!.PatchEmbedding);
        AssertEqual(openClip.Vision.ClassEmbedding, huggingFace.Vision.ClassEmbedding);
        AssertEqual(openClip.Vision.PreNorm, huggingFace.Vision.PreNorm);
        AssertEqual(openClip.Text!.TokenEmbedding, huggingFace.Text!.TokenEmbedding);
        foreach ((TowerWeights first, TowerWeights second) in ((TowerWeights, TowerWeights)[])[
            (openClip.Vision, huggingFace.Vision), (openClip.Text, huggingFace.Text)])
        {
            AssertEqual(first.PositionEmbedding, second.PositionEmbedding);
            AssertEqual(first.FinalNorm, second.FinalNorm);
            Assert.That((first.Projection.Transposed, second.Projection.Transposed), Is.EqualTo((false, true)));
            Assert.That(Transpose(first.Projection.Weight), Is.EqualTo(second.Projection.Weight.ToSingles()));
            foreach ((BlockWeights a, BlockWeights b) in first.Blocks.Zip(second.Blocks))
            {
                AssertEqual(a.Norm1, b.Norm1);
                AssertEqual(a.Norm2, b.Norm2);
                foreach ((LinearWeights x, LinearWeights y) in ((LinearWeights, LinearWeights)[])[
                    (a.Query, b.Query), (a.Key, b.Key), (a.Value, b.Value), (a.Out, b.Out), (a.Fc1, b.Fc1), (a.Fc2, b.Fc2)])
                {
                    AssertEqual(x.Weight, y.Weight);
                    AssertEqual(x.Bias, y.Bias);
                }
            }
        }
    }

    [Test]
    public void Open_CustomTextNames_GiveEqualWeights()
    {
        using TemporaryFolder folder = new();
        Copy(folder, "tiny-quickgelu", name => name.StartsWith("visual.", StringComparison.Ordinal) || name == "logit_scale" ? name : "text." + name);
        using Checkpoint plain = Checkpoint.Open(TestData.Golden("models/tiny-quickgelu")), custom = Checkpoint.Open(folder.Path);
        Assert.That(custom.Dialect, Is.EqualTo(CheckpointDialect.OpenClipCustomText));
        Assert.That(custom.Text!.Projection.Transposed, Is.False);
        AssertEqual(plain.Text!.TokenEmbedding, custom.Text.TokenEmbedding);
    }

    [Test]
    public void Open_CustomTextWithLinearProjection_HasItsBias()
    {
        using TemporaryFolder folder = new();
        Copy(folder, "tiny-quickgelu", name =>
            name == "text_projection" ? null : name.StartsWith("visual.", StringComparison.Ordinal) || name == "logit_scale" ? name : "text." + name,
            writer =>
            {
                writer.Add("text.text_projection.weight", [48, 48], new float[48 * 48]);
                writer.Add("text.text_projection.bias", [48], new float[48]);
                writer.Add("logit_bias", [1], new float[] { -10 });
            });
        using Checkpoint custom = Checkpoint.Open(folder.Path);
        Assert.That(custom.Text!.Projection is { Transposed: true, Bias: not null }, Is.True);
        Assert.That(custom.LogitBias, Is.EqualTo(-10));
    }

    [TestCase("tiny-quickgelu")]
    [TestCase("tiny-quickgelu-hf")]
    public void Open_OneTowerOfTwo_LeavesTheOtherAlone(string name)
    {
        using Checkpoint both = Checkpoint.Open(TestData.Golden($"models/{name}"));
        using Checkpoint vision = Checkpoint.Open(TestData.Golden($"models/{name}"), new CheckpointOptions { Towers = TowerSelection.VisionOnly });
        using Checkpoint text = Checkpoint.Open(TestData.Golden($"models/{name}"), new CheckpointOptions { Towers = TowerSelection.TextOnly });
        Assert.Multiple(() =>
        {
            Assert.That(vision.Text ?? (object?)vision.Config.Text, Is.Null);
            Assert.That(text.Vision ?? text.Config.Vision ?? (object?)text.Config.Preprocess, Is.Null);
            Assert.That(vision.ParameterCount + text.ParameterCount, Is.EqualTo(both.ParameterCount + 1), "the scale is in both");
        });
    }

    [TestCase("tiny-quickgelu", "visual.")]
    [TestCase("tiny-quickgelu-hf", "vision_model.", "visual_projection.")]
    public void Open_FileWithVisionOnly_IsRead(string name, params string[] prefixes)
    {
        using TemporaryFolder folder = new();
        Copy(folder, name, key => prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) ? key : null);
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        Assert.That(checkpoint.Vision, Is.Not.Null);
        Assert.That(checkpoint.Text, Is.Null);
        Assert.That(checkpoint.LogitScale, Is.Null);
        Assert.That(checkpoint.Oddities, Has.Some.Contain("only a vision tower"));
        Assert.That(() => Checkpoint.Open(folder.Path, new CheckpointOptions { Towers = TowerSelection.TextOnly }),
            Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains("only a vision tower"));
    }

    [Test]
    public void Open_FileWithTextOnly_IsReadWithTheTowersOwnConfig()
    {
        using TemporaryFolder folder = new();
        Copy(folder, "tiny-quickgelu-hf", key => key.StartsWith("text_", StringComparison.Ordinal) ? key : null);
        folder.Write("config.json", """
            {"model_type":"clip_text_model","projection_dim":48,"hidden_size":48,"intermediate_size":192,"num_attention_heads":3,
            "num_hidden_layers":3,"max_position_embeddings":24,"vocab_size":600,"eos_token_id":599}
            """);
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        Assert.That(checkpoint.Config.Text, Is.EqualTo(new TextConfig
        {
            Width = 48,
            LayerCount = 3,
            HeadCount = 3,
            MlpWidth = 192,
            Activation = Activation.QuickGelu,
            ContextLength = 24,
            VocabularySize = 600,
            EndTokenId = 599,
        }));
        Assert.That(checkpoint.Vision, Is.Null);
    }

    [Test]
    public void Open_MissingUnexpectedAndWrongWeights_AreListedTogether()
    {
        using TemporaryFolder folder = new();
        Copy(folder, "tiny-quickgelu", name =>
            name is "visual.ln_pre.weight" or "logit_scale" or "visual.class_embedding" or "ln_final.bias" ? null : name, writer =>
        {
            writer.Add("visual.class_embedding", [95], new float[95]);
            writer.Add("ln_final.bias", [48], new long[48]);
            writer.Add("visual.extra", [1], new float[1]);
            writer.Add("attn_mask", [24, 24], new float[576]);
        });
        WeightsMismatchException fault = Assert.Throws<WeightsMismatchException>(() => Checkpoint.Open(folder.Path))!;
        Assert.Multiple(() =>
        {
            Assert.That(fault.Missing, Is.EqualTo((string[])["visual.ln_pre.weight", "logit_scale"]));
            Assert.That(fault.Unexpected, Is.EqualTo((string[])["visual.extra"]));
            Assert.That(fault.Mismatched,
                Is.EqualTo((string[])["visual.class_embedding is [95], not [96]", "ln_final.bias is of type I64, not F32, F16, BF16 or F64"]));
            foreach (string name in (string[])["visual.ln_pre.weight", "logit_scale", "visual.extra", "visual.class_embedding", "ln_final.bias"])
                Assert.That(fault.Message, Does.Contain(name));
            Assert.That(fault.Message, Does.Not.Contain("attn_mask").And.Not.Contain("\n"));
        });
    }

    [Test]
    public void Open_ConfigOfAnotherSize_NamesTheWeights()
    {
        using TemporaryFolder folder = new();
        Copy(folder, "tiny-quickgelu", name => name);
        folder.Write("open_clip_config.json",
            File.ReadAllText(folder.File("open_clip_config.json")).Replace("\"image_size\": 48", "\"image_size\": 64")
                .Replace("\"layers\": 4", "\"layers\": 3"));
        WeightsMismatchException fault = Assert.Throws<WeightsMismatchException>(() => Checkpoint.Open(folder.Path))!;
        Assert.That(fault.Mismatched, Is.EqualTo((string[])["visual.positional_embedding is [10, 96], not [17, 96]"]));
        Assert.That(fault.Unexpected, Has.Count.EqualTo(12).And.All.StartsWith("visual.transformer.resblocks.3."));
    }

    [TestCase("visual.trunk.attn_pool.latent", "SigLIP")]
    [TestCase("vision_model.head.probe", "SigLIP")]
    [TestCase("text_model.head.weight", "SigLIP")]
    [TestCase("visual.trunk.blocks.0.norm1.weight", "timm")]
    [TestCase("visual.layer1.0.conv1.weight", "ResNet")]
    [TestCase("text_decoder.ln_final.weight", "CoCa")]
    [TestCase("visual.transformer.resblocks.0.ls_1.gamma", "scales")]
    [TestCase("text.transformer.encoder.layer.0.output.dense.weight", "Hugging Face")]
    [TestCase("bert.embeddings.word_embeddings.weight", "known")]
    public void Open_OtherModels_AreRefusedByName(string weight, string mentioned)
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter writer = new();
        writer.Add(weight, [1], new float[1]);
        writer.Save(folder.File("model.safetensors"));
        Assert.That(() => Checkpoint.Open(folder.Path),
            Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains(mentioned).And.Message.Contains(weight));
    }

    [Test]
    public void Open_WithoutWeights_SaysWhatIsMissing()
    {
        using TemporaryFolder folder = new();
        Assert.That(() => Checkpoint.Open(folder.Path), Throws.InstanceOf<WeightsNotFoundException>().With.Message.Contains("model.safetensors"));
        Assert.That(() => Checkpoint.Open(folder.File("none")), Throws.InstanceOf<WeightsNotFoundException>().With.Message.Contains("none"));
        folder.Write("pytorch_model.bin", "PK");
        Assert.That(() => Checkpoint.Open(folder.Path), Throws.InstanceOf<PickleException>().With.Message.Contains("save_file"));
        folder.Write("ViT-B-32.pt", "PK");
        Assert.That(() => Checkpoint.Open(folder.File("ViT-B-32.pt")), Throws.InstanceOf<PickleException>().With.Message.Contains("ViT-B-32.safetensors"));
        folder.Write("a.safetensors", "");
        Assert.That(() => Checkpoint.Open(folder.Path),
                Throws.TypeOf<SafetensorsException>().With.Property(nameof(SafetensorsException.Fault)).EqualTo(SafetensorsFault.FileTooShort));
        folder.Write("b.safetensors", "");
        Assert.That(() => Checkpoint.Open(folder.Path), Throws.InstanceOf<WeightsNotFoundException>().With.Message.Contains("a.safetensors, b.safetensors"));
    }

    [Test]
    public void Open_ShardedCheckpoint_EqualsTheWhole()
    {
        using TemporaryFolder folder = new();
        using SafetensorsFile source = SafetensorsFile.Open(TestData.Golden("models/tiny-quickgelu-hf/model.safetensors"));
        SafetensorsWriter[] shards = [new(), new()];
        StringBuilder index = new("""{"weight_map":{"logit_scale":"shard-1.safetensors" """);
        foreach ((string name, TensorView tensor) in source.Tensors)
        {
            int shard = name.StartsWith("text", StringComparison.Ordinal) ? 0 : 1;
            shards[shard].Add(name, tensor);
            if (name != "logit_scale")
                index.Append($",\"{name}\":\"shard-{shard}.safetensors\"");
        }
        for (int i = 0; i < 2; i++)
            shards[i].Save(folder.File($"shard-{i}.safetensors"));
        folder.Write("model.safetensors.index.json", index + "}}");
        foreach (string name in (string[])["config.json", "preprocessor_config.json"])
            File.Copy(TestData.Golden($"models/tiny-quickgelu-hf/{name}"), folder.File(name));
        using Checkpoint whole = Checkpoint.Open(TestData.Golden("models/tiny-quickgelu-hf")), sharded = Checkpoint.Open(folder.Path);
        Assert.That(sharded.Files, Has.Count.EqualTo(2));
        Assert.That(sharded.ParameterCount, Is.EqualTo(whole.ParameterCount));
        AssertEqual(whole.Text!.TokenEmbedding, sharded.Text!.TokenEmbedding);
        Assert.That(sharded.Sha256, Has.Length.EqualTo(64));
    }

    [Test]
    public void Open_NonFiniteWeight_IsFoundWhenAsked()
    {
        using TemporaryFolder folder = new();
        float[] values = new float[96];
        values[95] = float.NaN;
        Copy(folder, "tiny-quickgelu", name => name == "visual.class_embedding" ? null : name, writer => writer.Add("visual.class_embedding", [96], values));
        Checkpoint.Open(folder.Path).Dispose();
        Assert.That(() => Checkpoint.Open(folder.Path, new CheckpointOptions { CheckFinite = true }),
            Throws.InstanceOf<NonFiniteWeightException>().With.Message.Contains("'visual.class_embedding'").And.Message.Contains("95"));
    }

    [Test]
    public void Open_WithoutConfig_NeedsTheActivation()
    {
        using TemporaryFolder folder = new();
        Copy(folder, "tiny-quickgelu", name => name);
        File.Delete(folder.File("open_clip_config.json"));
        Assert.That(() => Checkpoint.Open(folder.Path), Throws.InstanceOf<AmbiguousActivationException>().With.Message.Contains("open_clip_config.json"));
        Assert.That(() => Checkpoint.Open(folder.Path, new CheckpointOptions { Activation = Activation.Gelu }),
            Throws.InstanceOf<ConfigException>().With.Message.Contains("96"), "heads of 32 can't be inferred");
    }

    [TestCase(768, 12, 32, 224, 512, 512, 8, TestName = "Infer B/32")]
    [TestCase(1024, 16, 14, 336, 768, 768, 12, TestName = "Infer L/14-336")]
    [TestCase(1280, 16, 14, 224, 1024, 1024, 16, TestName = "Infer H/14")]
    [TestCase(1664, 16, 14, 224, 1280, 1280, 20, TestName = "Infer bigG/14, but for its MLP")]
    public void InferredConfig_PublishedShapes_GiveTheirSizes(int width, int heads, int patch, int image, int textWidth, int embed, int textHeads)
    {
        using HollowCheckpoint hollow = new(HollowCheckpoint.OpenClipShapes(width, 2, patch, image, textWidth, 3, embed, 77, 49408));
        WeightNames names = WeightNames.Detect("hollow", [.. hollow.File.Tensors.Keys]);
        ConfigReading reading = InferredConfig.Read("hollow", names, hollow.File.Tensors, Activation.QuickGelu);
        Assert.That(reading.Config, Is.EqualTo(new ClipConfig
        {
            EmbedWidth = embed,
            Vision = new VisionConfig
            {
                ImageSize = image,
                PatchSize = patch,
                Width = width,
                LayerCount = 2,
                HeadCount = heads,
                MlpWidth = 4 * width,
                Activation = Activation.QuickGelu,
            },
            Text = new TextConfig
            {
                ContextLength = 77,
                VocabularySize = 49408,
                Width = textWidth,
                LayerCount = 3,
                HeadCount = textHeads,
                MlpWidth = 4 * textWidth,
                Activation = Activation.QuickGelu,
            },
        }));
        Assert.That(reading.PreprocessFault, Does.Contain("no configuration file"));
        Assert.That(reading.Oddities, Has.Some.Contain("inferred"));
    }

    [TestCase("tiny-siglip")]
    [TestCase("tiny-siglip-openclip")]
    public void Open_SigLip_IsRefused(string name)
    {
        string folder = TestData.BesideProject($"golden/siglip/{name}");
        Assert.That(() => Checkpoint.Open(folder), Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains("SigLIP"));
    }

    [TestCase("openai")]
    [TestCase("vit_base_patch32_clip_224.openai")]
    [TestCase("models--openai--clip-vit-base-patch32/snapshots/3d74acf9")]
    public void Open_NameContradictsConfig_IsRefusedUnlessForced(string name)
    {
        using TemporaryFolder folder = new();
        string path = folder.File(name);
        Directory.CreateDirectory(path);
        foreach (string file in (string[])["open_clip_config.json", "open_clip_model.safetensors"])
            File.Copy(TestData.Golden($"models/tiny-gelu/{file}"), Path.Combine(path, file));
        Assert.That(() => Checkpoint.Open(path),
            Throws.InstanceOf<AmbiguousActivationException>().With.Message.Contains("quick_gelu").And.Message.Contains("openai"));
        using Checkpoint forced = Checkpoint.Open(path, new CheckpointOptions { Activation = Activation.QuickGelu });
        Assert.That((forced.Config.Vision!.Activation, forced.Config.Text!.Activation), Is.EqualTo((Activation.QuickGelu, Activation.QuickGelu)));
        Assert.That(forced.Oddities, Has.Some.Contain("forced"));
    }

    [TestCase("laion/CLIP-ViT-B-32-laion2B-s34B-b79K", Activation.Gelu)]
    [TestCase("models--laion--CLIP-ViT-L-14-DataComp.XL-s13B-b90K", Activation.Gelu)]
    [TestCase("openai/clip-vit-large-patch14-336", Activation.QuickGelu)]
    [TestCase("vit_b_32-quickgelu-laion400m_e32", Activation.QuickGelu)]
    [TestCase("vit_base_patch32_clip_224.laion400m_e32", Activation.QuickGelu)]
    [TestCase("vit_b_16-laion400m_e32", Activation.Gelu)]
    [TestCase("apple/DFN5B-CLIP-ViT-H-14-378", Activation.QuickGelu)]
    [TestCase("DFN2B-CLIP-ViT-L-14-39B", null)]
    [TestCase("facebook/metaclip-b32-400m", Activation.QuickGelu)]
    [TestCase("timm/vit_base_patch16_clip_224.metaclip_2pt5b", Activation.QuickGelu)]
    [TestCase("vit_base_patch16_clip_224.metaclip_400m", Activation.QuickGelu)]
    [TestCase("metaclip_h14_fullcc2.5b", Activation.QuickGelu)]
    [TestCase("vit_huge_patch14_clip_224.metaclip_altogether", Activation.Gelu)]
    [TestCase("facebook/metaclip-2-worldwide-giant", Activation.Gelu)]
    [TestCase("facebook/metaclip-2-worldwide-huge-quickgelu", Activation.QuickGelu)]
    [TestCase("facebook/metaclip-2-worldwide-huge-378", Activation.Gelu)]
    [TestCase("facebook/metaclip-2-worldwide-b32-384", Activation.Gelu)]
    [TestCase("ViT-H-14-quickgelu-worldwide.metaclip2_worldwide", Activation.QuickGelu)]
    [TestCase("timm/vit_huge_patch14_clip_224.metaclip2_worldwide", Activation.QuickGelu)]
    [TestCase("vit_huge_patch14_clip_378.metaclip2_worldwide", Activation.Gelu)]
    [TestCase("vit_gigantic_patch14_clip_224.metaclip2_worldwide", Activation.Gelu)]
    [TestCase("my-model", null)]
    public void ActivationRules_KnownNames_SayTheirs(string name, Activation? expected) =>
        Assert.That(ActivationRules.Find(name)?.Activation, Is.EqualTo(expected));

    [Test]
    public void Open_MappedResource_NeedsNoFolder()
    {
        string folder = TestData.Golden("models/tiny-quickgelu-hf");
        using Checkpoint checkpoint = Checkpoint.Open(SafetensorsFile.Open(File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), "resource"),
            File.ReadAllBytes(Path.Combine(folder, "config.json")), File.ReadAllBytes(Path.Combine(folder, "preprocessor_config.json")));
        Assert.That(checkpoint.Config.EmbedWidth, Is.EqualTo(48));
        Assert.That(() => Checkpoint.Open(SafetensorsFile.Open(File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), "resource"), "{"u8),
            Throws.InstanceOf<ConfigException>().With.Message.StartsWith("resource (configuration)"));
    }

    [Test]
    public void Open_LargeL14WithoutConfig_HasThePublishedParameterCount()
    {
        // 427,616,513 parameters are printed by the paper's notebook for ViT-L/14. The bytes are never touched, so the
        // system backs none of them with memory.
        using HollowCheckpoint hollow = new(HollowCheckpoint.OpenClipShapes(1024, 24, 14, 224, 768, 12, 768, 77, 49408));
        using Checkpoint checkpoint = Checkpoint.Open(hollow.File,
            """{"embed_dim":768,"vision_cfg":{"image_size":224,"layers":24,"width":1024,"patch_size":14},"text_cfg":"""u8
            + """{"context_length":77,"vocab_size":49408,"width":768,"heads":12,"layers":12}}"""u8);
        Assert.That(checkpoint.ParameterCount, Is.EqualTo(427_616_513));
        Assert.That(checkpoint.Vision!.Blocks[23].Value.Weight.Shape.ToArray(), Is.EqualTo((long[])[1024, 1024]));
    }

    static float[] Transpose(TensorView matrix)
    {
        int rows = (int)matrix.Shape[0], columns = (int)matrix.Shape[1];
        float[] values = matrix.ToSingles(), result = new float[values.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                result[column * rows + row] = values[row * columns + column];
        return result;
    }

    static void AssertEqual(NormWeights first, NormWeights second)
    {
        AssertEqual(first.Weight, second.Weight);
        AssertEqual(first.Bias, second.Bias);
    }

    static void AssertEqual(TensorView first, TensorView second)
    {
        Assert.That(first.Shape.SequenceEqual(second.Shape), Is.True, second.Name);
        Assert.That(first.Bytes.SequenceEqual(second.Bytes), Is.True, second.Name);
    }

    /// <summary>Copies a golden model, renaming its weights; a null name leaves one out.</summary>
    static void Copy(TemporaryFolder folder, string name, Func<string, string?> rename, Action<SafetensorsWriter>? more = null)
    {
        SafetensorsWriter writer = new();
        string source = TestData.Golden($"models/{name}");
        foreach (string config in Directory.EnumerateFiles(source, "*.json"))
            File.Copy(config, folder.File(Path.GetFileName(config)));
        using SafetensorsFile file = SafetensorsFile.Open(Directory.GetFiles(source, "*.safetensors").Single());
        foreach ((string key, TensorView tensor) in file.Tensors)
            if (rename(key) is string renamed)
                writer.Add(renamed, tensor);
        more?.Invoke(writer);
        writer.Save(folder.File("model.safetensors"));
    }
}

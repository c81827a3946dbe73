using System.Text;
using System.Text.Json.Nodes;
using ClipCore.Checkpoints;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Safetensors;
using ClipCore.Text;

namespace ClipCore.Tests.Model;

/// <summary>What is found out when a model is loaded: preprocessing, tokenizer, numbers that are none.</summary>
public class LoadingTests
{
    static readonly PreprocessConfig s_half = new()
    {
        Interpolation = Interpolation.Bilinear,
        Mean = new RgbValues(0.5f, 0.5f, 0.5f),
        Std = new RgbValues(0.5f, 0.5f, 0.5f),
    };

    static string Picture => TestData.Demo("samples/duck-in-forest.png");

    [Test]
    public void Load_ProcessorConfigAlone_PreparesLikePreprocessorConfig()
    {
        using TemporaryFolder flat = HuggingFaceFolder("preprocessor_config.json"), nested = HuggingFaceFolder("processor_config.json");
        using ClipModel first = ClipModel.Load(flat.Path), second = ClipModel.Load(nested.Path);
        float[] pixels = second.Preprocessor.Load(Picture);
        Assert.That(pixels, Is.EqualTo(first.Preprocessor.Load(Picture)));
        using ClipModel openAi = ClipModel.Load(TestData.Golden("models/tiny-quickgelu-hf"));
        Assert.That(pixels, Is.Not.EqualTo(openAi.Preprocessor.Load(Picture)));
    }

    [Test]
    public void Load_BothFiles_TheNestedOneCounts()
    {
        using TemporaryFolder folder = HuggingFaceFolder("processor_config.json");
        File.Copy(TestData.Golden("models/tiny-quickgelu-hf/preprocessor_config.json"), folder.File("preprocessor_config.json"));
        using (Checkpoint checkpoint = Checkpoint.Open(folder.Path))
            Assert.That(checkpoint.Config.Preprocess!.Interpolation, Is.EqualTo(Interpolation.Bilinear));
        folder.Write("processor_config.json", """{"processor_class":"CLIPProcessor"}""");
        using Checkpoint older = Checkpoint.Open(folder.Path);
        Assert.That(older.Config.Preprocess!.Interpolation, Is.EqualTo(Interpolation.Bicubic));
    }

    [Test]
    public void Load_NoPreprocessing_EncodesPixelsAndRefusesPictures()
    {
        using TemporaryFolder folder = HuggingFaceFolder(null);
        using ClipModel model = ClipModel.Load(folder.Path);
        Assert.That(model.Config.Preprocess, Is.Null);
        Assert.That(model.Checkpoint.Oddities, Has.Some.Contain("nothing tells how pictures are prepared"));
        Assert.That(model.EncodeImage(new float[model.PixelCount]), Has.Length.EqualTo(48));
        Assert.That(() => model.Preprocessor, Throws.InstanceOf<UnknownPreprocessingException>()
            .With.Message.StartsWith(folder.Path).And.Message.Contains("ClipModelOptions.Preprocess").And.Message.Contains("preprocessor_config.json"));
    }

    [Test]
    public void Load_NoPreprocessing_TakesTheCallers()
    {
        using TemporaryFolder without = HuggingFaceFolder(null), with = HuggingFaceFolder("processor_config.json");
        using ClipModel given = ClipModel.Load(without.Path, new ClipModelOptions { Preprocess = s_half with { ConvertRgbFirst = true } });
        using ClipModel read = ClipModel.Load(with.Path);
        Assert.That(given.Preprocessor.Config.Size, Is.EqualTo(48));
        Assert.That(given.Preprocessor.Load(Picture), Is.EqualTo(read.Preprocessor.Load(Picture)));
        using ClipModel against = ClipModel.Load(TestData.Golden("models/tiny-gelu"), new ClipModelOptions { Preprocess = s_half });
        Assert.That(against.Preprocessor.Config, Is.EqualTo(s_half with { Size = 32 }));
        Assert.That(() => ClipModel.Load(without.Path, new ClipModelOptions { Preprocess = s_half with { Size = 64 } }),
            Throws.ArgumentException.With.Message.Contains("64").And.Message.Contains("48"));
    }

    [TestCase("openai/clip-vit-base-patch32", true)]
    [TestCase("models--openai--clip-vit-large-patch14", true)]
    [TestCase("clip-vit-large-patch14-336", true)]
    [TestCase("vit_base_patch16_clip_224.openai", true)]
    [TestCase("laion/CLIP-ViT-L-14-laion2B-s32B-b82K", false)]
    [TestCase("someone/clip-vit-base-patch32", false)]
    [TestCase("clip-vit-base-patch32-finetuned", false)]
    [TestCase("apple/DFN5B-CLIP-ViT-H-14", false)]
    public void KnownPreprocessing_Names_AreOpenAisOnly(string name, bool known)
    {
        Assert.That(KnownPreprocessing.Find(["folder", name])?.Name, known ? Is.EqualTo(name) : Is.Null);
        Assert.That(KnownPreprocessing.Find([name])?.Preprocess, known ? Is.EqualTo(new PreprocessConfig()) : Is.Null);
    }

    [Test]
    public void Load_KnownName_TakesItsPreprocessingAndSaysSo()
    {
        using TemporaryFolder folder = HuggingFaceFolder(null);
        JsonNode config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!;
        config["_name_or_path"] = "openai/clip-vit-base-patch32";
        folder.Write("config.json", config.ToJsonString());
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        Assert.That(checkpoint.Config.Preprocess, Is.EqualTo(new PreprocessConfig { Size = 48, ConvertRgbFirst = true }));
        Assert.That(checkpoint.Oddities, Has.Some.Contain("openai/clip-vit-base-patch32"));
    }

    [Test]
    public void Load_NonFiniteWeight_IsRefusedUnlessItsTowerIsLeftOut(
        [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float value, [Values(DType.F32, DType.F16, DType.BF16)] DType type)
    {
        using TemporaryFolder folder = new();
        CopyWith(folder, "visual.ln_post.bias", 96, type, values => values[77] = value);
        Assert.That(() => ClipModel.Load(folder.Path),
            Throws.InstanceOf<NonFiniteWeightException>().With.Message.Contains("'visual.ln_post.bias'").And.Message.Contains("element 77"));
        ClipModel.Load(folder.Path, new ClipModelOptions { Towers = TowerSelection.TextOnly }).Dispose();
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        Assert.That(() => ClipModel.Load(checkpoint, null), Throws.InstanceOf<NonFiniteWeightException>());
    }

    [Test]
    public void Load_LargestFiniteWeights_ArePassed([Values(DType.F32, DType.F16, DType.BF16)] DType type)
    {
        using TemporaryFolder folder = new();
        float largest = type switch
        {
            DType.F16 => 65504f,
            DType.BF16 => BitConverter.UInt32BitsToSingle(0x7F7F_0000),
            _ => float.MaxValue,
        };
        CopyWith(folder, "visual.ln_post.bias", 96, type, values =>
        {
            Array.Fill(values, -largest);
            values[^1] = largest;
            values[0] = BitConverter.UInt32BitsToSingle(0x8080_0000);
        });
        ClipModel.Load(folder.Path).Dispose();
    }

    [TestCase(float.NaN)]
    [TestCase(89f)]
    [TestCase(-90f)]
    [TestCase(float.PositiveInfinity)]
    public void Open_LogitScaleOutOfRange_IsRefused(float scale)
    {
        using TemporaryFolder folder = new();
        CopyWith(folder, "logit_scale", 1, DType.F32, values => values[0] = scale);
        Assert.That(() => Checkpoint.Open(folder.Path), Throws.InstanceOf<NonFiniteWeightException>().With.Message.Contains("logit_scale"));
    }

    [Test]
    public void Load_FittingTokenizer_IsTaken()
    {
        using ClipModel model = ClipModel.Load(TestData.Demo());
        Assert.That(model.Tokenizer!.VocabularySize, Is.EqualTo(model.Config.Text!.VocabularySize));
    }

    [Test]
    public void Load_TokenizerOfAnotherModel_IsRefused()
    {
        // 2500 ids for towers of 600 and of 49408.
        foreach (string name in (string[])["tiny-quickgelu", "tiny-gelu"])
            Assert.That(() => ClipModel.Load(TestData.Golden($"models/{name}"), new ClipModelOptions { TokenizerPath = TestData.Demo() }),
                Throws.InstanceOf<VocabularyException>().With.Message.Contains("2500 ids").And.Message.Contains("vocab_size"), name);
        ClipModel.Load(
            TestData.Golden("models/tiny-quickgelu"), new ClipModelOptions { TokenizerPath = TestData.Demo(), Towers = TowerSelection.VisionOnly }).Dispose();
    }

    [Test]
    public void Load_TokenizerWithAnotherEnd_IsRefused()
    {
        using TemporaryFolder folder = DemoFolder(config => config["model_cfg"]!["text_cfg"]!["pool_type"] = "eos");
        Edit(folder, "open_clip_config.json", config => config["model_cfg"]!["text_cfg"]!["eos_id"] = 7);
        Assert.That(() => ClipModel.Load(folder.Path), Throws.InstanceOf<VocabularyException>().With.Message.Contains("2499").And.Message.Contains("id 7"));
        Edit(folder, "open_clip_config.json", config => config["model_cfg"]!["text_cfg"]!["eos_id"] = 2499);
        ClipModel.Load(folder.Path).Dispose();
    }

    [Test]
    public void Load_EndTokenBelowWords_IsRefusedWhereTheLargestIdIsPooled()
    {
        using TemporaryFolder folder = DemoFolder(_ => { });
        Edit(folder, "vocab.json", vocab => (vocab["<|endoftext|>"], vocab["blanket</w>"]) = (2497, 2499));
        Assert.That(() => ClipModel.Load(folder.Path), Throws.InstanceOf<VocabularyException>().With.Message.Contains("largest id"));
    }

    [Test]
    public void Load_ConfigNamesAnotherTokenizer_EncodesImagesAndRefusesTexts()
    {
        using TemporaryFolder folder = DemoFolder(config => config["model_cfg"]!["text_cfg"]!["hf_tokenizer_name"] = "bert-base-uncased");
        using ClipModel model = ClipModel.Load(folder.Path);
        Assert.That(model.Tokenizer, Is.Null);
        Assert.That(() => model.EncodeText("a duck"), Throws.InstanceOf<VocabularyException>().With.Message.Contains("bert-base-uncased"));
        Assert.That(model.EncodeImage(new float[model.PixelCount]), Has.Length.EqualTo(128));
        Assert.That(() => ClipModel.Load(folder.Path, new ClipModelOptions { TokenizerPath = TestData.Demo() }),
            Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains("bert-base-uncased"));
        ClipModel.Load(folder.Path, new ClipModelOptions { Towers = TowerSelection.VisionOnly }).Dispose();
    }

    [Test]
    public void Load_UnreadableVocabularyInTheFolder_EncodesImagesAndRefusesTexts()
    {
        using TemporaryFolder folder = DemoFolder(_ => { });
        folder.Write("tokenizer.json", """{"model":{"type":"WordPiece","vocab":{}}}""");
        using ClipModel model = ClipModel.Load(folder.Path);
        Assert.That(model.EncodeImage(new float[model.PixelCount]), Has.Length.EqualTo(128));
        Assert.That(() => model.EncodeText("a duck"), Throws.InstanceOf<VocabularyException>().With.Message.Contains("tokenizer.json of a byte-pair"));
        Assert.That(() => ClipModel.Load(folder.Path, new ClipModelOptions { TokenizerPath = folder.Path }), Throws.InstanceOf<VocabularyException>());
    }

    [Test]
    public void EncodeTokens_WithoutTheEndToken_IsRefused()
    {
        using ClipModel named = ClipModel.Load(TestData.Golden("models/tiny-quickgelu-hf")), largest = ClipModel.Load(TestData.Golden("models/tiny-quickgelu"));
        int[][] ids = [[598, 5, 6, 7], [598, 5, 599, 0]];
        float[] rows = new float[2 * 48];
        Assert.That(() => named.EncodeTokens(ids, rows), Throws.ArgumentException.With.Message.Contains("Text 0").And.Message.Contains("599"));
        largest.EncodeTokens(ids, rows);
        named.EncodeTokens(ids.AsSpan(1), rows.AsSpan(48));
    }

    [Test]
    public void Open_ConfigurationsWithByteOrderMarks_AreRead()
    {
        using TemporaryFolder folder = HuggingFaceFolder("processor_config.json");
        foreach (string name in (string[])["config.json", "processor_config.json"])
            File.WriteAllText(folder.File(name), File.ReadAllText(folder.File(name)), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        Assert.That(checkpoint.Config.Preprocess!.Interpolation, Is.EqualTo(Interpolation.Bilinear));
    }

    /// <summary>The tiny model in Hugging Face's naming, with one of the cases' files about preprocessing or none.</summary>
    static TemporaryFolder HuggingFaceFolder(string? preprocessor)
    {
        TemporaryFolder folder = new();
        foreach (string name in (string[])["config.json", "model.safetensors"])
            File.Copy(TestData.Golden($"models/tiny-quickgelu-hf/{name}"), folder.File(name));
        if (preprocessor != null)
            File.Copy(TestData.Case($"checkpoints/{preprocessor}"), folder.File(preprocessor));
        return folder;
    }

    static TemporaryFolder DemoFolder(Action<JsonNode> change)
    {
        TemporaryFolder folder = new();
        foreach (string name in (string[])["open_clip_config.json", "model.safetensors", "vocab.json", "merges.txt"])
            File.Copy(TestData.Demo(name), folder.File(name));
        Edit(folder, "open_clip_config.json", change);
        return folder;
    }

    static void Edit(TemporaryFolder folder, string name, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(folder.File(name)))!;
        change(json);
        File.WriteAllText(folder.File(name), json.ToJsonString());
    }

    /// <summary>A copy of a tiny model with one weight changed.</summary>
    static void CopyWith(TemporaryFolder folder, string changed, int count, DType type, Action<float[]> change)
    {
        const string Model = "models/tiny-quickgelu";
        using SafetensorsFile source = SafetensorsFile.Open(TestData.Golden($"{Model}/open_clip_model.safetensors"));
        SafetensorsWriter writer = new();
        foreach ((string name, TensorView tensor) in source.Tensors)
        {
            if (name != changed)
            {
                writer.Add(name, tensor);
                continue;
            }
            float[] values = new float[count];
            tensor.CopyTo(values);
            change(values);
            writer.Add(name, tensor.Shape, values, type);
        }
        writer.Save(folder.File("open_clip_model.safetensors"));
        File.Copy(TestData.Golden($"{Model}/open_clip_config.json"), folder.File("open_clip_config.json"));
    }
}

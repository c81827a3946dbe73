using System.Globalization;
using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.Npy;
using ClipCore.Numerics;

namespace ClipCore.Tests.Model;

/// <summary>The demo model against what PyTorch computed from the same files.</summary>
sealed class DemoModelTests
{
    const float Tolerance = 1e-5f;

    static ClipModel s_model = null!;
    static JsonDocument s_expected = null!;

    [OneTimeSetUp]
    public void Load()
    {
        s_model = ClipModel.Load(TestData.Demo());
        s_expected = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("demo/zero_shot.json")));
    }

    [OneTimeTearDown]
    public void Free()
    {
        s_model.Dispose();
        s_expected.Dispose();
    }

    [Test]
    public void Scenes_HaveTheirRepresentations()
    {
        float[] rows = Encode("scenes", s_expected.RootElement.GetProperty("image_order"));
        AssertClose(rows, Unit([.. NpyFile.ReadSingle(TestData.Golden("demo/scenes_image_embeddings.npy")).Data.Select(value => (double)value)]));
        AssertClose(rows, Unit(NpyFile.Read<double>(TestData.Golden("demo/scenes_image_embeddings_float64.npy")).Data));
    }

    [Test]
    public void Waterbirds_HaveTheirRepresentations()
    {
        float[] rows = Encode("waterbirds", s_expected.RootElement.GetProperty("waterbirds_order"));
        AssertClose(rows, Unit(NpyFile.Read<double>(TestData.Golden("demo/waterbirds_image_embeddings_float64.npy")).Data));
    }

    [Test]
    public void Classifier_AndTexts_AreThoseOfPyTorch()
    {
        (string[] prompts, string[] templates) = Classes();
        float[] rows = new float[prompts.Length * s_model.EmbedWidth];
        s_model.EncodeClasses(prompts, templates).FlattenTo(rows);
        NpyArray<float> expected = NpyFile.ReadSingle(TestData.Golden("demo/class_classifier.npy"));
        float[] transposed = expected.Shape[0] == prompts.Length ? expected.Data : Transpose(expected.Data, expected.Shape[0], expected.Shape[1]);
        AssertClose(rows, transposed);

        s_model.EncodeTexts([.. prompts.Select(prompt => $"an image of {prompt}")], normalize: false).FlattenTo(rows);
        float[] texts = NpyFile.ReadSingle(TestData.Golden("demo/class_text_embeddings.npy")).Data;
        float scale = texts.Max(Math.Abs);
        for (int i = 0; i < rows.Length; i++)
            Assert.That(rows[i] / scale, Is.EqualTo(texts[i] / scale).Within(Tolerance), $"element {i}");
    }

    [Test]
    public void Descriptions_HaveTheirRepresentations()
    {
        string[] texts = File.ReadAllLines(TestData.Demo("descriptions.txt"));
        NpyArray<float> expected = NpyFile.ReadSingle(TestData.Golden("demo/description_text_embeddings.npy"));
        Assert.That(expected.Shape, Is.EqualTo((int[])[texts.Length, s_model.EmbedWidth]));
        float[] rows = new float[expected.Data.Length];
        s_model.EncodeTexts(texts).FlattenTo(rows);
        AssertClose(rows, Unit([.. expected.Data.Select(value => (double)value)]));
    }

    [Test]
    public void ZeroShotPredictions_AreEqualOnAllScenes()
    {
        (string[] prompts, string[] templates) = Classes();
        float[] classes = new float[prompts.Length * s_model.EmbedWidth];
        s_model.EncodeClasses(prompts, templates).FlattenTo(classes);
        string[] names = Names();
        JsonElement expected = s_expected.RootElement;
        float[] rows = Encode("scenes", expected.GetProperty("image_order"));
        for (int image = 0; image < expected.GetProperty("image_order").GetArrayLength(); image++)
        {
            float[] logits = s_model.Logits(rows.AsSpan(image * s_model.EmbedWidth, s_model.EmbedWidth), classes);
            string[] best = [.. Enumerable.Range(0, names.Length).OrderByDescending(c => logits[c]).Take(5).Select(c => names[c])];
            using (Assert.EnterMultipleScope())
            {
                Assert.That(best[0], Is.EqualTo(expected.GetProperty("object_top1")[image].GetString()), $"scene {image}");
                Assert.That(best, Is.EqualTo(expected.GetProperty("object_top5")[image].EnumerateArray().Select(name => name.GetString())), $"scene {image}");
                Assert.That(logits.Max() / s_model.LogitScale, Is.EqualTo(expected.GetProperty("object_top1_cosine")[image].GetSingle()).Within(1e-5),
                    $"scene {image}");
            }
        }
    }

    [Test]
    public void WaterbirdPredictions_AreEqualOnAllImages()
    {
        using JsonDocument list = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("classes.json")));
        string[] prompts = Strings(list.RootElement.GetProperty("waterbirds_classes")),
            templates = Strings(list.RootElement.GetProperty("waterbirds_templates"));
        float[] classes = new float[prompts.Length * s_model.EmbedWidth];
        s_model.EncodeClasses(prompts, templates).FlattenTo(classes);
        float[] rows = Encode("waterbirds", s_expected.RootElement.GetProperty("waterbirds_order"));
        int[] predicted =
        [
            .. Enumerable.Range(0, rows.Length / s_model.EmbedWidth).Select(image =>
            {
                float[] logits = s_model.Logits(rows.AsSpan(image * s_model.EmbedWidth, s_model.EmbedWidth), classes);
                return logits[1] > logits[0] ? 1 : 0;
            }),
        ];
        Assert.That(predicted, Is.EqualTo(s_expected.RootElement.GetProperty("waterbirds_pred").EnumerateArray().Select(value => value.GetInt32())));
    }

    [Test]
    public void DirectEffects_AreThoseOfPyTorch()
    {
        float[] pixels = Pixels("scenes", s_expected.RootElement.GetProperty("image_order"), 64);
        DirectEffects effects = s_model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Head });
        float[] attention = NpyFile.ReadSingle(TestData.Golden("demo/scenes_first64_attn_direct_effects.npy")).Data;
        float[] mlps = NpyFile.ReadSingle(TestData.Golden("demo/scenes_first64_mlp_direct_effects.npy")).Data;
        AssertClose(effects.AttentionValues, attention);
        AssertClose(effects.MlpValues, mlps);
        for (int image = 0; image < 64; image++)
            Assert.That(effects.Completeness[image], Is.LessThanOrEqualTo(1e-6f));
    }

    [Test]
    public void PatchEffects_AreThoseOfPyTorch()
    {
        string path = TestData.BesideProject("demo-model/expected/scenes_first4_attn_patch_direct_effects.npy");
        float[] pixels = Pixels("scenes", s_expected.RootElement.GetProperty("image_order"), 4);
        DirectEffects effects = s_model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Patch });
        AssertClose(effects.AttentionValues, NpyFile.ReadSingle(path).Data);
    }

    [Test]
    public void Samples_HaveTheirProbabilities()
    {
        using JsonDocument samples = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("samples/samples.json")));
        (string[] prompts, string[] templates) = Classes();
        float[] classes = new float[prompts.Length * s_model.EmbedWidth];
        s_model.EncodeClasses(prompts, templates).FlattenTo(classes);
        string[] names = Names();
        foreach (JsonElement sample in samples.RootElement.GetProperty("samples").EnumerateArray())
        {
            string file = sample.GetProperty("file").GetString()!;
            float[] image = s_model.EncodeImage(s_model.Preprocessor.Load(TestData.Demo($"samples/{file}")));
            string[] texts = Strings(sample.GetProperty("texts"));
            float[] rows = new float[texts.Length * s_model.EmbedWidth];
            s_model.EncodeTexts(texts).FlattenTo(rows);
            float[] probabilities = s_model.Probabilities(image, rows), objects = s_model.Probabilities(image, classes);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(probabilities, Is.EqualTo(sample.GetProperty("probabilities").EnumerateArray().Select(value => value.GetSingle())).Within(1e-3f),
                    file);
                foreach (JsonElement top in sample.GetProperty("object_top3").EnumerateArray())
                    Assert.That(objects[Array.IndexOf(names, top[0].GetString())], Is.EqualTo(top[1].GetSingle()).Within(1e-3f), $"{file}: {top[0]}");
            }
        }
    }

    [Test]
    public void LogitScale_IsTheStoredOne() =>
        Assert.That(s_model.LogitScale, Is.EqualTo(s_expected.RootElement.GetProperty("logit_scale").GetSingle()).Within(1e-5));

    static float[] Encode(string set, JsonElement order)
    {
        int count = order.GetArrayLength();
        float[] rows = new float[count * s_model.EmbedWidth];
        s_model.EncodeImages(Pixels(set, order, count), rows);
        return rows;
    }

    static float[] Pixels(string set, JsonElement order, int count)
    {
        float[] pixels = new float[count * s_model.PixelCount];
        for (int i = 0; i < count; i++)
        {
            string name = order[i].GetString()!, path = TestData.Demo($"data/{set}/{name}");
            if (!File.Exists(path))
                path = TestData.Demo($"data/{set}/images/{name}");
            s_model.Preprocessor.Load(path).CopyTo(pixels, i * s_model.PixelCount);
        }
        return pixels;
    }

    static (string[] Prompts, string[] Templates) Classes()
    {
        using JsonDocument list = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("classes.json")));
        return ([.. list.RootElement.GetProperty("classes").EnumerateArray().Select(item => item.GetProperty("prompt").GetString()!)],
            Strings(list.RootElement.GetProperty("templates")));
    }

    static string[] Names()
    {
        using JsonDocument list = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("classes.json")));
        return [.. list.RootElement.GetProperty("classes").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
    }

    static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>PyTorch's representations are stored before their normalisation.</summary>
    static float[] Unit(double[] rows)
    {
        int width = s_model.EmbedWidth;
        float[] unit = new float[rows.Length];
        for (int start = 0; start < rows.Length; start += width)
        {
            double norm = Math.Sqrt(rows.AsSpan(start, width).ToArray().Sum(value => value * value));
            for (int i = start; i < start + width; i++)
                unit[i] = (float)(rows[i] / norm);
        }
        return unit;
    }

    static float[] Transpose(float[] values, int rows, int columns)
    {
        float[] result = new float[values.Length];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                result[(j * rows) + i] = values[(i * columns) + j];
        return result;
    }

    static void AssertClose(float[] actual, float[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < actual.Length; i++)
            if (!(Math.Abs(actual[i] - expected[i]) <= Tolerance))
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"Element {i} is {actual[i]}, but PyTorch has {expected[i]}."));
    }
}

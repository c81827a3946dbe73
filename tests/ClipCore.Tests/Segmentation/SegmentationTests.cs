using System.Text.Json;
using ClipCore.Npy;
using ClipCore.Segmentation;

namespace ClipCore.Tests.Segmentation;

/// <summary>Enlargement, masks and metrics against the paper's own code.</summary>
sealed class SegmentationTests
{
    static IEnumerable<string> Cases() => Directory.GetDirectories(TestData.Golden("segmentation"))
        .Where(path => File.Exists(Path.Combine(path, "normalized.npy"))).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    [Test]
    public void Enlarging_IsPyTorchs()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("segmentation/upsample/cases.json")));
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            NpyArray<float> input = NpyFile.ReadSingle(TestData.Golden($"segmentation/upsample/{one.GetProperty("in").GetString()}"));
            float[] expected = NpyFile.ReadSingle(TestData.Golden($"segmentation/upsample/{one.GetProperty("out").GetString()}")).Data;
            float[] actual = Bilinear.Enlarge(input.Data, input.Shape[^2], input.Shape[^1], one.GetProperty("scale").GetInt32());
            Assert.That(actual, Has.Length.EqualTo(expected.Length));
            for (int i = 0; i < actual.Length; i++)
                Assert.That(actual[i], Is.EqualTo(expected[i]).Within(2e-6f), $"{one.GetProperty("in")}, {i}");
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Masks_FromHeatmaps_AreTheReferences(string name)
    {
        string folder = TestData.Golden($"segmentation/{name}");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        NpyArray<float> heatmap = NpyFile.ReadSingle(Path.Combine(folder, "heatmap.npy"));
        float[] normalized = [.. NpyFile.ReadSingle(Path.Combine(folder, "normalized.npy")).Data.Select(value => float.IsNaN(value) ? 0 : value)];
        int[] labels = Labels(Path.Combine(folder, "labels.npy"));
        int patch = expected.RootElement.GetProperty("patch_size").GetInt32();

        HeatmapMask mask = HeatmapMask.FromPatches(heatmap.Data, heatmap.Shape[^2], heatmap.Shape[^1], patch);
        for (int i = 0; i < normalized.Length; i++)
            Assert.That(mask.Values[i], Is.EqualTo(normalized[i]).Within(1e-5f), $"pixel {i}");
        MaskScore score = mask.Score(labels);
        AssertCounts(score, expected.RootElement.GetProperty("metrics"), null);
        // AP counts equal scores together, and the last bit of the borders' values decides which are equal:
        // the reference's run in our own precision is the one to meet.
        double single = expected.RootElement.GetProperty("metrics_float32_run").GetProperty("ap")[0].GetDouble();
        Assert.That(score.AveragePrecision, Is.EqualTo(single).Within(name == "two_classes" ? 2e-5 : 1e-10));
        AssertCounts(
            HeatmapMask.FromNormalized(normalized, mask.Height, mask.Width).Score(labels), expected.RootElement.GetProperty("metrics_from_stored_normalized"),
                1e-6);
    }

    [TestCase("tiny-gelu")]
    [TestCase("tiny-quickgelu")]
    public void Metrics_OfStoredMaps_AreTheReferences(string model)
    {
        string folder = TestData.Golden($"segmentation/end_to_end_{model}");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        PixelCounts total = default;
        for (int i = 0; i < 4; i++)
        {
            NpyArray<float> normalized = NpyFile.ReadSingle(Path.Combine(folder, $"{i:00}_normalized.npy"));
            int[] labels = Labels(Path.Combine(folder, $"{i:00}_labels.npy"));
            MaskScore score = HeatmapMask.FromNormalized(normalized.Data, normalized.Shape[^2], normalized.Shape[^1]).Score(labels);
            AssertCounts(score, expected.RootElement.GetProperty("per_image_metrics_from_stored_normalized")[i], 1e-6);
            total += score.Counts;
        }
        Assert.That(total.PixelAccuracy, Is.EqualTo(expected.RootElement.GetProperty("float64").GetProperty("pixel_accuracy").GetDouble()).Within(1e-12));
        Assert.That(total.MeanIoU, Is.EqualTo(expected.RootElement.GetProperty("float64").GetProperty("miou").GetDouble()).Within(1e-12));
    }

    [Test]
    public void Metrics_OfTwoChannels_AreTheReferences()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("segmentation/metrics/expected.json")));
        for (int i = 0; i < expected.RootElement.GetArrayLength(); i++)
        {
            float[] predict = NpyFile.ReadSingle(TestData.Golden($"segmentation/metrics/predict_{i}.npy")).Data;
            int[] labels = Labels(TestData.Golden($"segmentation/metrics/labels_{i}.npy"));
            float[] background = predict[..labels.Length], foreground = predict[labels.Length..];
            bool[] mask = [.. foreground.Select((value, p) => value > background[p])];
            AssertCounts(new MaskScore(PixelCounts.Of(mask, labels), AveragePrecision.OfPixels(background, foreground, labels)), expected.RootElement[i], 1e-6);
        }
    }

    static (long Background, long Foreground) Pair(JsonElement expected, string name) =>
        (expected.GetProperty(name)[0].GetInt64(), expected.GetProperty(name)[1].GetInt64());

    static int[] Labels(string path) => NpyFile.Read<int>(path).Data;

    static void AssertCounts(MaskScore actual, JsonElement expected, double? tolerance)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(actual.Counts.Correct, Is.EqualTo(expected.GetProperty("pixel_correct").GetInt64()));
            Assert.That(actual.Counts.Labeled, Is.EqualTo(expected.GetProperty("pixel_labeled").GetInt64()));
            Assert.That((actual.Counts.BackgroundIntersection, actual.Counts.ForegroundIntersection), Is.EqualTo(Pair(expected, "intersection")));
            Assert.That((actual.Counts.BackgroundUnion, actual.Counts.ForegroundUnion), Is.EqualTo(Pair(expected, "union")));
            if (tolerance is { } within)
                Assert.That(actual.AveragePrecision, Is.EqualTo(expected.GetProperty("ap")[0].GetDouble()).Within(within));
        }
    }
}

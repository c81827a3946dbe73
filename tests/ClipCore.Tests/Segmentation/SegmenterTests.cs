using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.DataSets;
using ClipCore.EffectSets;
using ClipCore.Images;
using ClipCore.Npy;
using ClipCore.Segmentation;

namespace ClipCore.Tests.Segmentation;

/// <summary>Pictures to masks and scores, end to end, against the paper's own script and the demo model's card.</summary>
sealed class SegmenterTests
{
    static ObjectMask Mask(string path)
    {
        DecodedImage mask = ImageDecoder.Load(path);
        return new ObjectMask(
            mask.Width, mask.Height, [.. Enumerable.Range(0, mask.Width * mask.Height).Select(i => (sbyte)(mask.Pixels[i * mask.Channels] > 0 ? 1 : 0))]);
    }

    static LinearClassifier Classes(string folder, int width)
    {
        NpyArray<float> columns = NpyFile.ReadSingle(Path.Combine(folder, "classifier.npy"));
        int count = columns.Data.Length / width;
        return new LinearClassifier([.. Enumerable.Range(0, columns.Data.Length).Select(i => columns.Data[(i % width * count) + (i / width)])], width);
    }

    [TestCase("tiny-gelu")]
    [TestCase("tiny-quickgelu")]
    public void Segment_IsThePapersScript(string name)
    {
        string folder = TestData.Golden($"segmentation/end_to_end_{name}");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        JsonElement expected = json.RootElement.GetProperty("float64"), single = json.RootElement.GetProperty("float32");
        using ClipModel model = ClipModel.Load(TestData.Golden($"models/{name}"), new ClipModelOptions { Towers = Checkpoints.TowerSelection.VisionOnly });
        using Segmenter segmenter = new(model, Classes(folder, model.EmbedWidth), new SegmentationOptions { Protocol = MaskProtocol.Reference });
        SegmentationTable table = new();
        for (int i = 0; i < 4; i++)
        {
            SegmentedImage found = segmenter.Segment(ImageSource.OfFile($"{folder}/images/{i:00}.png"), Mask($"{folder}/images/{i:00}_mask255.png"));
            table.Add(found);
            JsonElement one = expected.GetProperty("per_image")[i];
            Assert.That(one.GetProperty("pixels_within_1e-6_of_threshold").GetInt64(), Is.Zero);
            MaskScore score = found.Scores[SegmentationMethod.Decomposition];
            Assert.That(found.Truth!.Labels.Select(label => (int)label), Is.EqualTo(NpyFile.Read<int>($"{folder}/{i:00}_labels.npy").Data),
                "the mask is squashed as the script does");
            Assert.That(score.Counts.Correct, Is.EqualTo(one.GetProperty("pixel_correct").GetInt64()), $"picture {i}");
            float[] normalized = NpyFile.ReadSingle($"{folder}/{i:00}_normalized.npy").Data;
            for (int p = 0; p < normalized.Length; p++)
                Assert.That(found.Mask.Values[p], Is.EqualTo(normalized[p]).Within(5e-6f), $"picture {i}, pixel {p}");
            // AP counts equal scores together, which the last bit decides: the script's run in our own precision is the one to meet.
            Assert.That(score.AveragePrecision, Is.EqualTo(single.GetProperty("per_image")[i].GetProperty("ap")[0].GetDouble()).Within(5e-6), $"picture {i}");
        }
        SegmentationScore all = table[SegmentationMethod.Decomposition];
        Assert.That(all.MeanAveragePrecision, Is.EqualTo(single.GetProperty("map").GetDouble()).Within(5e-6));
        Assert.That(all.Counts.MeanIoU, Is.EqualTo(expected.GetProperty("miou").GetDouble()).Within(1e-12));
        Assert.That(all.Counts.PixelAccuracy, Is.EqualTo(expected.GetProperty("pixel_accuracy").GetDouble()).Within(1e-12));
    }

    [Test]
    public void Segment_OnTheScenes_IsTheCards()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("results.json")));
        using JsonDocument scenes = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("data/scenes/scenes.json")));
        using JsonDocument classes = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("classes.json")));
        using ClipModel model = ClipModel.Load(TestData.Demo());
        string[] prompts = [.. classes.RootElement.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("prompt").GetString()!)];
        string[] templates = [.. classes.RootElement.GetProperty("templates").EnumerateArray().Select(one => one.GetString()!)];
        float[] rows = new float[prompts.Length * model.EmbedWidth];
        model.EncodeClasses(prompts, templates).FlattenTo(rows);
        using Segmenter segmenter = new(model, new LinearClassifier(rows, model.EmbedWidth));
        SegmentationTable table = new();
        foreach (JsonElement scene in scenes.RootElement.GetProperty("scenes").EnumerateArray())
            if (scene.GetProperty("kind").GetString() == "single")
                table.Add(segmenter.Segment(
                    ImageSource.OfFile(TestData.Demo($"data/scenes/{scene.GetProperty("image").GetString()}")),
                    Mask(TestData.Demo($"data/scenes/{scene.GetProperty("mask").GetString()}"))));
        JsonElement card = json.RootElement.GetProperty("segmentation").GetProperty("all_single");
        Assert.That(table.ScoredCount, Is.EqualTo(card.GetProperty("n").GetInt32()));
        (SegmentationMethod, string)[] methods =
        [
            (SegmentationMethod.Decomposition, "decomposition_predicted_class"), (SegmentationMethod.RawAttention, "raw_attention_last_layer"),
                (SegmentationMethod.Rollout, "rollout"),
        ];
        foreach ((SegmentationMethod method, string key) in methods)
        {
            JsonElement expected = card.GetProperty(key);
            SegmentationScore found = table[method];
            // The card gives four decimals.
            Assert.That(found.Counts.PixelAccuracy, Is.EqualTo(expected.GetProperty("pixel_accuracy").GetDouble()).Within(0.00005), key);
            Assert.That(found.Counts.MeanIoU, Is.EqualTo(expected.GetProperty("mIoU").GetDouble()).Within(0.00005), key);
            Assert.That(found.MeanAveragePrecision, Is.EqualTo(expected.GetProperty("mAP").GetDouble()).Within(0.00005), key);
        }
        Assert.That(table.BackgroundShare, Is.EqualTo(card.GetProperty("all_background_pixel_accuracy").GetDouble()).Within(0.00005));
    }

    static ImageSource Wide(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 7);
        return ImageSource.OfBytes("wide.png", PngWriter.Encode(pixels, width, height));
    }

    static Segmenter Tiny(ClipModel model, SegmentationOptions? options = null) =>
        new(model, Classes(TestData.Golden("segmentation/end_to_end_tiny-gelu"), model.EmbedWidth), options);

    static ClipModel TinyModel() =>
        ClipModel.Load(TestData.Golden("models/tiny-gelu"), new ClipModelOptions { Towers = Checkpoints.TowerSelection.VisionOnly });

    /// <summary>The left half background, a column left out, the rest foreground.</summary>
    static ObjectMask Halves(int width, int height)
    {
        sbyte[] labels = new sbyte[width * height];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = (sbyte)(i % width < width / 2 ? 0 : i % width == width / 2 ? -1 : 1);
        return new ObjectMask(width, height, labels);
    }

    [Test]
    public void Protocols_LayTheMaskOverTheSquare_AsTheySay()
    {
        using ClipModel model = TinyModel();
        int size = model.VisionConfig.ImageSize;
        // Twice as wide as high: the model sees the middle half; the mask is half as large as its picture.
        ObjectMask mask = Halves(2 * size, size);
        ObjectMask Truth(MaskProtocol protocol)
        {
            using Segmenter segmenter = Tiny(model, new SegmentationOptions { Protocol = protocol });
            return segmenter.Segment(Wide(4 * size, 2 * size), mask).Truth!;
        }
        ObjectMask aligned = Truth(MaskProtocol.Aligned), squashed = Truth(MaskProtocol.Reference);
        for (int x = 0; x < size; x++)
        {
            Assert.That(aligned.Labels[x], Is.EqualTo(mask.Labels[x + (size / 2)]), $"aligned, column {x}");
            Assert.That(squashed.Labels[x], Is.EqualTo(mask.Labels[(2 * x) + 1]), $"squashed, column {x}");
        }
    }

    [Test]
    public void IgnoredPixels_AreLeftOut_OfCountsAndAveragePrecision()
    {
        using ClipModel model = TinyModel();
        using Segmenter segmenter = Tiny(model, new SegmentationOptions { Methods = [SegmentationMethod.Decomposition] });
        int size = model.VisionConfig.ImageSize;
        SegmentationTable table = new();
        SegmentedImage found = segmenter.Segment(Wide(size, size), Halves(size, size));
        table.Add(found);
        table.Add(segmenter.Segment(Wide(size, size)));
        MaskScore score = found.Scores[SegmentationMethod.Decomposition];
        Assert.That(score.Counts.Labeled, Is.EqualTo(size * (size - 1)));
        int[] kept = [.. Enumerable.Range(0, size * size).Where(i => i % size != size / 2)];
        float[] foreground = [.. kept.Select(i => found.Mask.Values[i])];
        Assert.That(
            score.AveragePrecision,
            Is.EqualTo(AveragePrecision.OfPixels([.. foreground.Select(value => 1 - value)], foreground, [.. kept.Select(i => i % size > size / 2 ? 1 : 0)]))
                .Within(1e-15));
        Assert.That((table.ImageCount, table.ScoredCount), Is.EqualTo((2, 1)));
        Assert.That(table.Methods, Is.EqualTo((SegmentationMethod[])[SegmentationMethod.Decomposition]));
        Assert.That(table.IgnoredShare, Is.EqualTo(1.0 / size));
        Assert.That(table.BackgroundShare, Is.EqualTo(0.5));
        Assert.That(table.ForegroundShare, Is.EqualTo(0.5 - (1.0 / size)).Within(1e-15));
    }

    [Test]
    public void MasksThatDoNotFit_AreRefused_WithThePicturesName()
    {
        using ClipModel model = TinyModel();
        using Segmenter segmenter = Tiny(model);
        Assert.That(
            () => segmenter.Segment(Wide(64, 64), new ObjectMask(40, 96, new sbyte[40 * 96])),
            Throws.TypeOf<DataSetException>().With.Message.Contains("wide.png").And.Message.Contains("40 × 96"));
        Assert.That(() => segmenter.Segment(Wide(64, 64), new ObjectMask(64, 64, new sbyte[7])),
            Throws.TypeOf<DataSetException>().With.Message.Contains("7 labels"));
        Assert.That(() => segmenter.Segment(ImageSource.OfBytes("words.png", "no picture"u8.ToArray())),
            Throws.TypeOf<ImageException>().With.Message.Contains("words.png"));
        Assert.That(() => segmenter.Segment(Wide(64, 64)).Mask.Score(new ObjectMask(3, 3, new sbyte[9])), Throws.ArgumentException);
        Assert.That(() => new Segmenter(model, new LinearClassifier(new float[9], 3)), Throws.ArgumentException.With.Message.Contains("different models"));
    }
}

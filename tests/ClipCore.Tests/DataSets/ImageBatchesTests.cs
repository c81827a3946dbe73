using ClipCore.DataSets;
using ClipCore.Images;
using ClipCore.Reports.Pictures;

namespace ClipCore.Tests.DataSets;

/// <summary>Batches of pictures: order, what is skipped, and when reading ends.</summary>
public class ImageBatchesTests
{
    static readonly ImagePreprocessor s_preprocessor = new(new PreprocessConfig { Size = 8 });

    static ImageSource Good(string name) => ImageSource.OfBytes(name, File.ReadAllBytes(TestData.Golden("preprocess/images/rgb_upscale_19x23.png")));

    static ImageSet Set() => new("set",
    [
        new ImageEntry(Good("0")), new ImageEntry(ImageSource.OfBytes("1", "text"u8.ToArray())), new ImageEntry(Good("2")),
        new ImageEntry(ImageSource.OfFile("absent.png")), new ImageEntry(Good("4")),
    ]);

    [Test]
    public void Read_LeavesOutWhatCannotBeRead_AndSaysWhy()
    {
        ImageBatch[] batches = [.. ImageBatches.Read(Set(), s_preprocessor, 2)];
        Assert.That(batches.Select(batch => (batch.First, batch.Examined)), Is.EqualTo(((int, int)[])[(0, 2), (2, 2), (4, 1)]));
        Assert.That(batches.SelectMany(batch => batch.Indices), Is.EqualTo((int[])[0, 2, 4]));
        Assert.That(batches.Select(batch => batch.Pixels.Length), Is.All.EqualTo(s_preprocessor.PixelCount));
        SkippedImage[] skipped = [.. batches.SelectMany(batch => batch.Skipped)];
        Assert.That(skipped.Select(image => (image.Index, image.Name)), Is.EqualTo(((int, string)[])[(1, "1"), (3, "absent.png")]));
        Assert.That(skipped[0].Reason, Does.StartWith("is neither a PNG nor a JPEG"));
        Assert.That(skipped[1].Reason, Is.EqualTo("there is no such file."));
    }

    [Test]
    public void Read_AnyBatchSize_GivesTheSamePixels([Values(1, 3, 5, 100)] int batchSize)
    {
        float[] one = new float[s_preprocessor.PixelCount];
        s_preprocessor.Normalize(s_preprocessor.Prepare(Good("0").Decode()).Rgb, one);
        Assert.That(ImageBatches.Read(Set(), s_preprocessor, batchSize).SelectMany(batch => batch.Pixels), Is.EqualTo((float[])[.. one, .. one, .. one]));
    }

    [Test]
    public void Read_ARange_KeepsTheSetsIndices()
    {
        ImageBatch[] batches = [.. ImageBatches.Read(Set(), 2..5, s_preprocessor, 8)];
        Assert.That(batches, Has.Length.EqualTo(1));
        Assert.That(batches[0].Indices, Is.EqualTo((int[])[2, 4]));
        Assert.That(batches[0].Skipped[0].Index, Is.EqualTo(3));
        Assert.That(() => ImageBatches.Read(Set(), 2..6, s_preprocessor, 8), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Read_Strict_EndsWithTheFirstReason()
    {
        Assert.That(() => ImageBatches.Read(Set(), s_preprocessor, 5, strict: true).Count(),
            Throws.TypeOf<ImageException>().With.Message.StartsWith("1: is neither"));
        Assert.That(() => ImageBatches.Read(Set(), 2..5, s_preprocessor, 5, strict: true).Count(),
            Throws.TypeOf<DataSetException>().With.Message.EqualTo("absent.png: there is no such file."));
    }

    [Test]
    public void Read_TooManyPixels_AreSkipped() =>
        Assert.That(ImageBatches.Read(Set(), 0..1, s_preprocessor, 1, maxPixels: 400).Single().Skipped[0].Reason, Does.Contain("limit of 400"));

    [Test]
    [CancelAfter(60_000)]
    public void Read_LittleRoomForPixels_StillReadsAll()
    {
        // Pictures of 437 pixels where 500 may be decoded at once: one after the other.
        ImageSet set = new("set", [.. Enumerable.Range(0, 64).Select(i => new ImageEntry(Good($"{i}")))]);
        Assert.That(ImageBatches.Read(set, s_preprocessor, 64, maxPixels: 500).Single().Count, Is.EqualTo(64));
    }

    [Test]
    public void Read_Cancelled_Ends()
    {
        using CancellationTokenSource source = new();
        ImageSet set = new("set", [new ImageEntry(Good("0")), new ImageEntry(new ImageSource("1", () =>
        {
            source.Cancel();
            return Good("1").Open();
        }))]);
        Assert.That(() => ImageBatches.Read(set, s_preprocessor, 2, cancellation: source.Token).Count(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Read_AFaultOfTheProgram_IsNotSkipped()
    {
        ImageSet set = new("set", [new ImageEntry(new ImageSource("0", () => throw new NotSupportedException("bug")))]);
        Assert.That(() => ImageBatches.Read(set, s_preprocessor, 2).Count(), Throws.TypeOf<NotSupportedException>());
    }
}

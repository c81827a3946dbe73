using System.Buffers.Binary;
using ClipCore.Images;
using ClipCore.Npy;
using ClipCore.Reports.Pictures;

namespace ClipCore.Tests.Images;

/// <summary>Decoding and preprocessing against Pillow, torchvision and libjpeg-turbo.</summary>
public class PreprocessTests
{
    static string[] Names => [.. Directory.GetFiles(TestData.Golden("preprocess/images")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    static string[] PngNames => [.. Names.Where(name => name.EndsWith(".png", StringComparison.Ordinal))];

    static string[] JpegNames => [.. Names.Where(name => name.EndsWith(".jpg", StringComparison.Ordinal))];

    static DecodedImage Decode(string name) => ImageDecoder.Load(TestData.Golden($"preprocess/images/{name}"));

    static NpyArray<byte> Decoded(string name) => NpyFile.Read<byte>(TestData.Golden($"preprocess/decoded/{name}.npy"));

    /// <summary>The picture as libjpeg-turbo decodes it, in the mode that its file has.</summary>
    static DecodedImage DecodedByReference(string name)
    {
        NpyArray<byte> rgb = Decoded(name);
        bool isGrey = Decode(name).Mode == PixelMode.Grey;
        byte[] pixels = isGrey ? [.. rgb.Data.Where((_, i) => i % 3 == 0)] : rgb.Data;
        return new DecodedImage(name, rgb.Shape[1], rgb.Shape[0], isGrey ? PixelMode.Grey : PixelMode.Rgb, pixels, isGrey ? 1 : 3);
    }

    [Test]
    public void Golden_HasAllPictures() => Assert.That(Names, Has.Length.EqualTo(24));

    [Test]
    public void Decode_Png_EqualsPillow([ValueSource(nameof(PngNames))] string name) =>
        Assert.That(Decode(name).ToRgb(), Is.EqualTo(Decoded(name).Data));

    [Test]
    public void Decode_Jpeg_StaysWithinItsBound([ValueSource(nameof(JpegNames))] string name)
    {
        byte[] ours = Decode(name).ToRgb(), reference = Decoded(name).Data;
        Assert.That(ours, Has.Length.EqualTo(reference.Length));
        int worst = 0;
        long sum = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            int difference = Math.Abs(ours[i] - reference[i]);
            worst = Math.Max(worst, difference);
            sum += difference;
        }
        TestContext.Out.WriteLine($"{name}: max {worst}, mean {(double)sum / ours.Length:f4}");
        // Another inverse cosine transform and another upsampling of the colours than libjpeg-turbo's: the bound of each subsampling.
        (int most, double mean) = name switch
        {
            _ when name.StartsWith("gray", StringComparison.Ordinal) => (1, 0.02),
            _ when name.Contains("444", StringComparison.Ordinal) => (2, 0.01),
            _ when name.Contains("422", StringComparison.Ordinal) => (9, 0.17),
            _ => (3, 0.11),
        };
        Assert.That(worst, Is.LessThanOrEqualTo(most));
        Assert.That((double)sum / ours.Length, Is.LessThanOrEqualTo(mean));
    }

    [Test]
    public void Prepare_EqualsPillow([ValueSource(nameof(Names))] string name)
    {
        DecodedImage image = name.EndsWith(".jpg", StringComparison.Ordinal) ? DecodedByReference(name) : Decode(name);
        byte[] expected = NpyFile.Read<byte>(TestData.Golden($"preprocess/u8_224/{name}.npy")).Data;
        Assert.That(new ImagePreprocessor(new PreprocessConfig { Size = 224 }).Prepare(image).Rgb, Is.EqualTo(expected));
    }

    [Test]
    public void Normalize_EqualsTorchvision([ValueSource(nameof(Names))] string name, [Values(32, 48)] int size)
    {
        DecodedImage image = name.EndsWith(".jpg", StringComparison.Ordinal) ? DecodedByReference(name) : Decode(name);
        float[] expected = NpyFile.ReadSingle(TestData.Golden($"preprocess/f32_{size}/{name}.npy")).Data;
        ImagePreprocessor preprocessor = new(new PreprocessConfig { Size = size });
        float[] pixels = new float[preprocessor.PixelCount];
        preprocessor.Normalize(preprocessor.Prepare(image).Rgb, pixels);
        for (int i = 0; i < pixels.Length; i++)
            Assert.That(pixels[i], Is.EqualTo(expected[i]).Within(1e-6f), $"value {i}");
    }

    [TestCase(1, 5000)]
    [TestCase(5000, 1)]
    public void Prepare_ThinPicture_CostsOnlyWhatTheCropKeeps(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        Random.Shared.NextBytes(pixels);
        ImagePreprocessor preprocessor = new(new PreprocessConfig { Size = 224 });
        DecodedImage image = new("thin", width, height, PixelMode.Rgb, pixels, 3);
        preprocessor.Prepare(image);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PreparedImage prepared = preprocessor.Prepare(image);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
        Assert.That(prepared.Rgb, Has.Length.EqualTo(224 * 224 * 3));
    }

    [Test]
    public void Prepare_PartOfTheResult_EqualsPartOfTheWhole([Values] Interpolation interpolation)
    {
        Random random = new(7);
        byte[] pixels = new byte[61 * 47 * 3];
        random.NextBytes(pixels);
        foreach ((int w, int h) in ((int, int)[])[(30, 90), (61, 20), (100, 47), (61, 47)])
        {
            byte[] whole = Resampling.Resize(pixels, 61, 47, 3, interpolation, w, h, new PixelRectangle(0, 0, w, h));
            PixelRectangle part = new(w / 4, h / 3, w / 2, h / 3);
            byte[] cut = Resampling.Resize(pixels, 61, 47, 3, interpolation, w, h, part);
            for (int y = 0; y < part.Height; y++)
                Assert.That(
                    cut.AsSpan(y * part.Width * 3, part.Width * 3).ToArray(),
                    Is.EqualTo(whole.AsSpan((((part.Y + y) * w) + part.X) * 3, part.Width * 3).ToArray()));
        }
    }

    [TestCase(ResizeMode.Squash, 0.0, 0.0, 100.0, 40.0)]
    [TestCase(ResizeMode.Shortest, 30.0, 0.0, 40.0, 40.0)]
    [TestCase(ResizeMode.Longest, 0.0, -30.0, 100.0, 100.0)]
    public void Prepare_Modes_TellWhatTheModelSees(ResizeMode mode, double x, double y, double width, double height)
    {
        DecodedImage image = new("wide", 100, 40, PixelMode.Rgb, [.. Enumerable.Repeat((byte)200, 100 * 40 * 3)], 3);
        PreparedImage prepared = new ImagePreprocessor(new PreprocessConfig { Size = 20, ResizeMode = mode }).Prepare(image);
        Assert.That(prepared.Seen, Is.EqualTo(new PictureRectangle(x, y, width, height)));
        Assert.That(prepared.Rgb[0], Is.EqualTo(mode == ResizeMode.Longest ? 0 : 200));
        Assert.That(prepared.Rgb[((10 * 20) + 10) * 3], Is.EqualTo(200));
    }

    [TestCase(new byte[0], "empty")]
    [TestCase(new byte[] { 65, 66, 67, 10 }, "neither")]
    [TestCase(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 74, 70, 73, 70, 0, 1, 1, 0 }, "cut off")]
    public void Decode_BadFile_SaysWhy(byte[] file, string reason) =>
        Assert.That(() => ImageDecoder.Decode(file, "a.png"),
            Throws.InstanceOf<ImageException>().With.Message.Contains(reason).And.Message.StartsWith("a.png"));

    [Test]
    public void Decode_HugePng_IsRefusedBeforeDecoding()
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("preprocess/images/gray.png"));
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), 65535);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), 65535);
        Assert.That(() => ImageDecoder.Decode(file), Throws.InstanceOf<ImageException>().With.Message.Contains("65535 × 65535"));
    }

    [Test]
    public void Decode_CutOffAnywhere_EndsAndSaysSo([Values("gray.png", "palette.png", "gray_baseline.jpg", "progressive_420.jpg")] string name)
    {
        byte[] file = File.ReadAllBytes(TestData.Golden($"preprocess/images/{name}"));
        for (int length = 0; length < file.Length; length += Math.Max(1, file.Length / 300))
            AssertEnds(file[..length]);
    }

    [Test]
    public void Decode_DamagedAnywhere_Ends([Values("rgb_odd_37x101.png", "baseline_420.jpg", "progressive_444.jpg", "la.png")] string name)
    {
        byte[] file = File.ReadAllBytes(TestData.Golden($"preprocess/images/{name}"));
        Random random = new(11);
        for (int round = 0; round < 150; round++)
        {
            byte[] damaged = [.. file];
            for (int flip = 0; flip < 4; flip++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            AssertEnds(damaged);
        }
    }

    [Test]
    public void Decode_OnManyThreads_GivesTheSameBytes()
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("preprocess/images/progressive_420.jpg"));
        byte[] expected = ImageDecoder.Decode(file).Pixels;
        Parallel.For(0, 32, _ => Assert.That(ImageDecoder.Decode(file).Pixels.AsSpan().SequenceEqual(expected), Is.True));
    }

    static void AssertEnds(byte[] file)
    {
        Task<bool> decode = Task.Run(() =>
        {
            try
            {
                ImageDecoder.Decode(file);
                return true;
            }
            catch (ImageException)
            {
                return false;
            }
        });
        Assert.That(decode.Wait(TimeSpan.FromSeconds(20)), Is.True, "the decoder does not come to an end");
    }
}

using System.Security.Cryptography;
using ClipCore.Images;
using ClipCore.Reports.Pictures;
using ClipCore.Tests.DataSets;

namespace ClipCore.Tests.Images;

/// <summary>PNG in every depth and colour type, and the oddities that Pillow opens.</summary>
public class PngDecodingTests
{
    static readonly (int ColorType, int Depth)[] s_kinds =
        [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)];

    static readonly (int Width, int Height)[] s_sizes = [(1, 1), (2, 3), (5, 1), (1, 9), (8, 8), (19, 23), (37, 11)];

    static ushort[] Random(int count, int depth, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(1 << depth))];
    }

    [Test]
    public void Decode_EveryKind_IsWhatPillowMakesOfIt([ValueSource(nameof(s_kinds))] (int ColorType, int Depth) kind, [Values] bool isInterlaced)
    {
        (int colorType, int depth) = kind;
        int channels = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        byte[] palette = [.. Enumerable.Range(0, 3 * 200).Select(i => (byte)(i * 7))];
        foreach ((int width, int height) in s_sizes)
        {
            ushort[] samples = Random(width * height * channels, depth, (width * 100) + height);
            byte[] file = TestPng.Write(width, height, depth, colorType, samples, isInterlaced, colorType == 3 ? palette : null);
            byte[] expected = colorType == 3
                ? [.. samples.SelectMany(sample => Enumerable.Range(0, 3).Select(c => sample < 200 ? palette[(sample * 3) + c] : (byte)0))]
                : [.. samples.Select(sample => (byte)(depth switch
                {
                    1 => sample * 255,
                    2 => sample * 85,
                    4 => sample * 17,
                    8 => sample,
                    _ => colorType == 0 ? Math.Min(sample, (ushort)255) : sample >> 8,
                }))];
            DecodedImage image = ImageDecoder.Decode(file);
            Assert.That(image.Pixels, Is.EqualTo(expected), $"{width} × {height}");
            Assert.That((image.Width, image.Height, image.Channels), Is.EqualTo((width, height, colorType == 3 ? 3 : channels)));
        }
    }

    // The hashes are of pixels that another program unpacked.
    [TestCase("extrarow", "1518c657008db95a91bf103f150df65853d29c3881858b363cfe76d49fec676b")]
    [TestCase("idat0", "1518c657008db95a91bf103f150df65853d29c3881858b363cfe76d49fec676b")]
    [TestCase("noiend", "1518c657008db95a91bf103f150df65853d29c3881858b363cfe76d49fec676b")]
    [TestCase("crit", "1518c657008db95a91bf103f150df65853d29c3881858b363cfe76d49fec676b")]
    [TestCase("trnslong", "e712bd31070fd48e0b5c2fc71a71e0bde5e67dca8d74880a8262785a6b0965e3")]
    public void Decode_OddFileThatPillowOpens_HasItsPixels(string name, string sha256)
    {
        DecodedImage image = ImageDecoder.Load(CaseFiles.Path($"pictures/{name}.png"));
        Assert.That((image.Width, image.Height), Is.EqualTo((131, 117)));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(image.ToRgb())), Is.EqualTo(sha256));
    }

    [Test]
    public void Decode_DataInPartsOfEveryLength_IsTheSame()
    {
        ushort[] samples = Random(19 * 23 * 3, 8, 1);
        byte[] file = TestPng.Write(19, 23, 8, 2, samples), expected = ImageDecoder.Decode(file).Pixels;
        byte[] data = file[41..^16];
        foreach (int part in (int[])[1, 2, 7, 100])
        {
            byte[] split = [.. file[..33], .. data.Chunk(part).SelectMany(bytes => TestPng.Chunk("IDAT", bytes).Concat(TestPng.Chunk("IDAT", [])))];
            Assert.That(ImageDecoder.Decode(split).Pixels, Is.EqualTo(expected), $"parts of {part}");
        }
    }

    [Test]
    public void Decode_DamagedPng_IsRefusedInPlainWords()
    {
        byte[] good = TestPng.Write(4, 4, 8, 0, Random(16, 8, 1));
        byte[][] bad =
        [
            [.. good[..33], .. TestPng.Chunk("IEND", [])],
            [.. good[..33], .. TestPng.Chunk("IDAT", TestPng.Deflate(new byte[19]))],
            [.. good[..33], .. TestPng.Chunk("IDAT", TestPng.Deflate([.. Enumerable.Repeat((byte)5, 20)]))],
            [.. good[..33], .. TestPng.Chunk("IDAT", "no zlib data at all"u8.ToArray())],
            [.. good[..^30], .. new byte[30]],
            TestPng.Write(4, 4, 8, 3, Random(16, 8, 1)),
        ];
        foreach (byte[] file in bad)
            Assert.That(() => ImageDecoder.Decode(file, "a.png"), Throws.TypeOf<ImageException>().With.Message.Match("^a.png: [^\\p{C}]+\\.$"));
    }

    [Test]
    public void Decode_DataThatUnpacksToMore_TakesNoMoreMemory()
    {
        byte[] good = TestPng.Write(4, 4, 8, 0, Random(16, 8, 1));
        byte[] bomb = [.. good[..33], .. TestPng.Chunk("IDAT", TestPng.Deflate(new byte[100_000_000]))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(ImageDecoder.Decode(bomb).Pixels, Has.Length.EqualTo(16));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2_000_000));
    }

    [TestCase("one-by-ten-million.png", ResizeMode.Shortest)]
    [TestCase("one-by-ten-million.png", ResizeMode.Squash)]
    [TestCase("one-by-ten-million.png", ResizeMode.Longest)]
    [TestCase("tall-1x3000000-bilevel.png", ResizeMode.Shortest)]
    [TestCase("tall-1x3000000-bilevel.png", ResizeMode.Squash)]
    [CancelAfter(30_000)]
    public void Prepare_RibbonOfMillions_IsRefusedWithLittleMemory(string name, ResizeMode mode)
    {
        ImagePreprocessor preprocessor = new(new PreprocessConfig { Size = 224, ResizeMode = mode });
        byte[] file = File.ReadAllBytes(CaseFiles.Path($"pictures/{name}"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => preprocessor.Prepare(ImageDecoder.Decode(file, name)),
            Throws.TypeOf<ImageException>().With.Message.StartsWith(name).And.Message.Contains("thin"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(32_000_000));
    }

    [Test]
    [CancelAfter(60_000)]
    public void Prepare_LongestRibbonThatIsTaken_CostsLittleMemory([Values] ResizeMode mode, [Values(PixelMode.Rgb, PixelMode.Bilevel)] PixelMode pixels)
    {
        int channels = pixels == PixelMode.Rgb ? 3 : 1;
        byte[] data = new byte[Resampling.MostSide * channels];
        new Random(3).NextBytes(data);
        DecodedImage image = new("ribbon", 1, Resampling.MostSide, pixels, data, channels);
        ImagePreprocessor preprocessor = new(new PreprocessConfig { Size = 48, ResizeMode = mode });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(preprocessor.Prepare(image).Rgb, Has.Length.EqualTo(48 * 48 * 3));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64_000_000));
    }

    [Test]
    public void Resize_TallPictureInOnePass_EqualsTheTwoPasses()
    {
        // So many rows between the passes that they are not kept; the same rows in two columns fewer are.
        const int Height = 200_000;
        byte[] pixels = new byte[Height];
        new Random(5).NextBytes(pixels);
        byte[] wide = Resampling.Resize(pixels, 1, Height, 1, Interpolation.Bicubic, 400, 7, new PixelRectangle(0, 0, 400, 7));
        byte[] narrow = Resampling.Resize(pixels, 1, Height, 1, Interpolation.Bicubic, 2, 7, new PixelRectangle(0, 0, 2, 7));
        for (int i = 0; i < wide.Length; i++)
            Assert.That(wide[i], Is.EqualTo(narrow[i / 400 * 2]));
    }
}

using ClipCore.Images;
using ClipCore.Tests.DataSets;

namespace ClipCore.Tests.Images;

/// <summary>JPEG files that end oddly, and kinds that are refused.</summary>
public class JpegDecodingTests
{
    static readonly string[] s_sequential = ["baseline_420.jpg", "baseline_422.jpg", "baseline_444.jpg", "gray_baseline.jpg", "low_quality_420.jpg"];

    static byte[] Picture(string name) => File.ReadAllBytes(TestData.Golden($"preprocess/images/{name}"));

    [TestCase("noeoi-text.jpg")]
    [TestCase("noeoi-zeros.jpg")]
    public void Decode_WholeScanWithATrailer_IsOpened(string name)
    {
        DecodedImage image = ImageDecoder.Load(CaseFiles.Path($"pictures/{name}"));
        Assert.That((image.Width, image.Height), Is.EqualTo((203, 157)));
        Assert.That(image.Pixels.AsSpan(image.Pixels.Length - 300).ToArray().Distinct().Count(), Is.GreaterThan(3), "the last row is no grey block");
    }

    [TestCase("cut.jpg", "cut off")]
    [TestCase("cmyk.jpg", "CMYK")]
    [TestCase("progressive-4000-scans.jpg", "scans")]
    [CancelAfter(20_000)]
    public void Decode_WhatIsNoWholePicture_IsRefusedByName(string name, string reason) => Assert.That(
        () => ImageDecoder.Load(CaseFiles.Path($"pictures/{name}")),
        Throws.TypeOf<ImageException>().With.Message.Contains(reason).And.Message.Contains(name).And.Message.Match("^[^\\p{C}]+$"));

    [Test]
    public void Decode_EndMarkLost_HasTheSamePixels([ValueSource(nameof(s_sequential))] string name)
    {
        byte[] file = Picture(name), expected = ImageDecoder.Decode(file).Pixels;
        int end = file.AsSpan().LastIndexOf((byte[])[0xFF, 0xD9]);
        foreach (byte[] trailer in (byte[][])[[], new byte[300], "trailer"u8.ToArray(), [0xFF, 0x12, 0x34, 0x56, 0x78]])
            Assert.That(ImageDecoder.Decode([.. file[..end], .. trailer]).Pixels, Is.EqualTo(expected), $"trailer of {trailer.Length}");
    }

    [Test]
    public void Decode_CutAnywhereInTheScan_IsRefused([ValueSource(nameof(s_sequential))] string name)
    {
        byte[] file = Picture(name);
        int end = file.AsSpan().LastIndexOf((byte[])[0xFF, 0xD9]);
        for (int cut = 2; cut < 400 && cut < end; cut += 1 + (cut / 4))
            Assert.That(() => ImageDecoder.Decode(file[..(end - cut)]), Throws.TypeOf<ImageException>(), $"{cut} bytes before the end");
    }

    [Test]
    public void Decode_ProgressiveWithoutItsEnd_IsRefused()
    {
        byte[] file = Picture("progressive_420.jpg");
        Assert.That(() => ImageDecoder.Decode(file[..^2]), Throws.TypeOf<ImageException>().With.Message.Contains("end marker"));
    }

    [Test]
    public void Decode_FromAStream_EqualsDecodeFromBytes()
    {
        byte[] file = Picture("baseline_444.jpg");
        using MemoryStream stream = new([1, 2, .. file]);
        stream.Position = 2;
        Assert.That(ImageDecoder.Decode(stream, "a").Pixels, Is.EqualTo(ImageDecoder.Decode(file).Pixels));
    }
}

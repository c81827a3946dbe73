using ClipCore.Images;

namespace ClipCore.Tests.Images;

sealed class PngWriterTests
{
    [Test]
    public void WrittenPictures_AreReadBackToTheByte([Values(1, 3, 4)] int channels, [Values(1, 7, 40)] int width, [Values(1, 5)] int height)
    {
        using TemporaryFolder folder = new();
        byte[] pixels = new byte[width * height * channels];
        new Random(width + channels).NextBytes(pixels);
        string path = folder.File("x.png");
        PngWriter.Write(path, pixels, width, height);
        DecodedImage image = ImageDecoder.Load(path);
        Assert.That((image.Width, image.Height, image.Channels), Is.EqualTo((width, height, channels)));
        Assert.That(image.Pixels, Is.EqualTo(pixels));
    }

    [Test]
    public void SmoothPictures_AreFiltered()
    {
        byte[] pixels = new byte[100 * 100 * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((i / 3 % 100) + (i / 300));
        Assert.That(PngWriter.Encode(pixels, 100, 100), Has.Length.LessThan(1500));
    }

    [Test]
    public void WrongLength_IsRefused() =>
        Assert.That(() => PngWriter.Encode(new byte[10], 2, 2), Throws.ArgumentException.With.Message.Contains("10 bytes"));
}

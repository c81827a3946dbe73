using ClipCore.Images;

namespace ClipCore.Tests.Images;

sealed class ThumbnailTests
{
    [TestCase(100, 40, 50, 50, 20)]
    [TestCase(40, 100, 50, 20, 50)]
    [TestCase(30, 20, 50, 30, 20)]
    [TestCase(1000, 1, 50, 50, 1)]
    public void LongerSide_IsLimited(int width, int height, int longest, int expectedWidth, int expectedHeight)
    {
        DecodedImage picture = new("grey", width, height, PixelMode.Grey, new byte[width * height], 1);
        DecodedImage small = picture.Thumbnail(longest);
        Assert.That((small.Width, small.Height, small.Channels), Is.EqualTo((expectedWidth, expectedHeight, 3)));
        Assert.That(small.Pixels, Has.Length.EqualTo(expectedWidth * expectedHeight * 3));
    }

    [Test]
    public void SmallPicture_KeepsItsPixels()
    {
        DecodedImage picture = ImageDecoder.Load(TestData.Demo("samples/duck-in-forest.png"));
        Assert.That(picture.Thumbnail(10_000).Pixels, Is.EqualTo(picture.ToRgb()));
    }
}

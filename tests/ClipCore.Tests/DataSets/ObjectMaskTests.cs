using ClipCore.DataSets;
using ClipCore.Images;
using ClipCore.Tests.Images;

namespace ClipCore.Tests.DataSets;

/// <summary>Masks of every kind: which pixels are the object, and which files are refused for not saying it.</summary>
public class ObjectMaskTests
{
    static readonly byte[] s_palette = [.. Enumerable.Repeat((byte)9, 768)];

    static ObjectMask Case(string list, MaskOptions? options = null) =>
        ObjectMask.Read(ImageLists.Load(CaseFiles.Path($"masks/{list}.csv")).Entries.Single().Mask!, options);

    static int[] Read(int depth, int colorType, ushort[] samples, MaskOptions? options = null, byte[]? palette = null)
    {
        int channels = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        byte[] file = TestPng.Write(samples.Length / channels, 1, depth, colorType, samples, palette: colorType == 3 ? palette ?? s_palette : null);
        return [.. ObjectMask.Read(ImageSource.OfBytes("mask.png", file), options).Labels.Select(label => (int)label)];
    }

    static void Refused(int depth, int colorType, ushort[] samples, string member) => Assert.That(
        () => Read(depth, colorType, samples), Throws.TypeOf<DataSetException>().With.Message.StartsWith("mask.png").And.Message.Contains(member));

    [Test]
    public void Read_OneMaskInManySpellings_IsTheSame([Values("grey1", "voc-class1", "voc-class2", "16bit1")] string spelling)
    {
        ObjectMask expected = Case("grey255"), mask = Case(spelling);
        Assert.That((expected.Width, expected.Height), Is.EqualTo((512, 384)));
        Assert.That(expected.ShareOf(1), Is.GreaterThan(0.01).And.LessThan(0.99));
        Assert.That(mask.Labels, Is.EqualTo(expected.Labels));
    }

    [Test]
    public void Read_VocBorder_IsLeftOut()
    {
        ObjectMask whole = Case("grey255"), mask = Case("voc-void");
        Assert.That(mask.ShareOf(-1), Is.GreaterThan(0));
        for (int i = 0; i < mask.Labels.Length; i++)
            Assert.That(mask.Labels[i] == -1 || mask.Labels[i] == whole.Labels[i], Is.True, $"pixel {i}");
        Assert.That(Case("voc-void", new MaskOptions { NothingIgnored = true }).ShareOf(-1), Is.Zero);
    }

    [Test]
    public void Read_Colour_NeedsItsColours()
    {
        Assert.That(() => Case("colour-blue"), Throws.TypeOf<DataSetException>().With.Message.Contains("MaskOptions.ForegroundColors"));
        Assert.That(Case("colour-blue", new MaskOptions { ForegroundColors = [new MaskColor(0, 0, 255)] }).Labels, Is.EqualTo(Case("grey255").Labels));
        Assert.That(Case("colour-blue", new MaskOptions { BackgroundColors = [new MaskColor(0, 0, 0)] }).Labels, Is.EqualTo(Case("grey255").Labels));
    }

    [Test]
    public void Read_Palette_GoesByIndex()
    {
        Assert.That(Read(8, 3, [0, 1, 20, 255]), Is.EqualTo((int[])[0, 1, 1, -1]));
        Assert.That(Read(4, 3, [0, 1, 15]), Is.EqualTo((int[])[0, 1, 1]));
        Assert.That(Read(8, 3, [0, 1, 20, 255], new MaskOptions { IgnoreValue = 20 }), Is.EqualTo((int[])[0, 1, -1, 1]));
        Assert.That(Read(8, 3, [0, 1, 255], new MaskOptions { BackgroundValue = 255 }), Is.EqualTo((int[])[1, 1, 0]));
    }

    [Test]
    public void Read_Grey_GoesByValue()
    {
        Assert.That(Read(1, 0, [0, 1]), Is.EqualTo((int[])[0, 1]));
        Assert.That(Read(2, 0, [0, 1, 3]), Is.EqualTo((int[])[0, 1, 1]));
        Assert.That(Read(8, 0, [0, 1, 254]), Is.EqualTo((int[])[0, 1, 1]));
        Assert.That(Read(8, 0, [255, 0, 255]), Is.EqualTo((int[])[1, 0, 1]));
        Assert.That(Read(8, 0, [255]), Is.EqualTo((int[])[1]));
        Assert.That(Read(16, 0, [0, 1, 256, 40000]), Is.EqualTo((int[])[0, 1, 1, 1]));
        Assert.That(Read(16, 0, [0, 255, 300]), Is.EqualTo((int[])[0, 1, 1]));
        Assert.That(Read(16, 0, [0, 65535]), Is.EqualTo((int[])[0, 1]));
    }

    [Test]
    public void Read_HighestValueBesideOthers_MustBeSaid()
    {
        foreach ((int depth, ushort highest) in ((int, ushort)[])[(8, 255), (16, 255), (16, 65535)])
        {
            ushort[] samples = [0, 7, highest];
            Refused(depth, 0, samples, "MaskOptions.IgnoreValue");
            Assert.That(Read(depth, 0, samples, new MaskOptions { IgnoreValue = highest }), Is.EqualTo((int[])[0, 1, -1]));
            Assert.That(Read(depth, 0, samples, new MaskOptions { NothingIgnored = true }), Is.EqualTo((int[])[0, 1, 1]));
        }
    }

    [Test]
    public void Read_LightBackground_IsSaidByItsValue() =>
        Assert.That(Read(8, 0, [255, 0, 7], new MaskOptions { BackgroundValue = 255 }), Is.EqualTo((int[])[0, 1, 1]));

    [Test]
    public void Read_GreyInAColourFile_IsGrey()
    {
        Assert.That(Read(8, 2, [0, 0, 0, 255, 255, 255]), Is.EqualTo((int[])[0, 1]));
        Assert.That(Read(8, 6, [0, 0, 0, 255, 255, 255, 255, 255]), Is.EqualTo((int[])[0, 1]));
        Assert.That(Read(8, 4, [0, 255, 3, 255]), Is.EqualTo((int[])[0, 1]));
        Refused(8, 2, [0, 0, 0, 255, 255, 254], "MaskOptions.ForegroundColors");
        Refused(8, 6, [0, 0, 0, 0, 255, 255, 255, 255], "transparency");
        Refused(8, 4, [0, 0], "transparency");
    }

    [Test]
    public void Read_Colours_InEveryKindOfFile()
    {
        MaskColor red = MaskColor.Parse("#ff0000"), blue = MaskColor.Parse("0000FF");
        MaskOptions both = new() { ForegroundColors = [red], BackgroundColors = [blue] };
        Assert.That(Read(8, 2, [255, 0, 0, 0, 0, 255, 0, 255, 0], both), Is.EqualTo((int[])[1, 0, -1]));
        Assert.That(Read(16, 2, [65535, 0, 0, 0, 0, 65535], both), Is.EqualTo((int[])[1, 0]));
        Assert.That(Read(8, 3, [0, 1, 2], both, [0, 0, 255, 255, 0, 0, 9, 9, 9]), Is.EqualTo((int[])[0, 1, -1]));
        Assert.That(Read(1, 0, [0, 1], new MaskOptions { ForegroundColors = [MaskColor.Parse("ffffff")] }), Is.EqualTo((int[])[0, 1]));
        Assert.That(() => MaskColor.Parse("blue"), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Read_WhatIsNoMask_IsRefused()
    {
        Assert.That(() => ObjectMask.Read(ImageSource.OfFile(CaseFiles.Path("pictures/noeoi-text.jpg"))),
            Throws.TypeOf<DataSetException>().With.Message.Contains("PNG"));
        Assert.That(() => ObjectMask.Read(ImageSource.OfBytes("mask.png", "text"u8.ToArray())), Throws.TypeOf<ImageException>());
        Assert.That(() => Read(8, 0, [0], new MaskOptions { NothingIgnored = true, IgnoreValue = 3 }), Throws.ArgumentException);
    }
}

using System.Text.Json;
using ClipCore.Images;

namespace ClipCore.Tests.Cli;

/// <summary><c>clipcore segment</c>: what it writes, both protocols, and what users do wrong.</summary>
sealed class SegmentTests
{
    TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    static string Scene(string name) => TestData.Demo($"data/scenes/{name}");

    [Test]
    public void MasksAndSheet_AreWritten_AndCountedPerImage()
    {
        string list = _folder.Write("list.csv", $"image,mask\n{Scene("0000.png")},{Scene("0000_mask.png")}\n{Scene("0002.png")},{Scene("0002_mask.png")}\n");
        JsonElement found = CliRun.Results("segment", list, "--out", _folder.File("masks"), "--sheet", _folder.File("sheet.png"));
        DecodedImage truth = ImageDecoder.Load(Scene("0000_mask.png")), mask = ImageDecoder.Load(_folder.File("masks/0000.png"));
        Assert.That((mask.Width, mask.Height), Is.EqualTo((truth.Width, truth.Height)));
        int equal = 0;
        for (int i = 0; i < mask.Width * mask.Height; i++)
            equal += (mask.Pixels[i * mask.Channels] > 0) == (truth.Pixels[i * truth.Channels] > 0) ? 1 : 0;
        JsonElement first = found.GetProperty("perImage")[0];
        Assert.That(first.GetProperty("pixelCorrect").GetInt32(), Is.EqualTo(equal), "the JSON counts what the mask shows");
        foreach (string name in (string[])["pixelAccuracy", "meanIoU", "meanAP"])
        {
            Assert.That(first.GetProperty(name).GetDouble(), Is.InRange(0, 1));
            Assert.That(found.GetProperty(name).GetDouble(), Is.InRange(0, 1));
        }
        Assert.That(ImageDecoder.Load(_folder.File("sheet.png")).Width, Is.GreaterThan(400));
    }

    [Test]
    public void Protocols_DifferWhereAPictureIsNotSquare()
    {
        const int Width = 256, Height = 128;
        byte[] mask = new byte[Width * Height];
        // Foreground only left of the central square that the model sees.
        for (int y = 0; y < Height; y++)
            mask.AsSpan(y * Width, 64).Fill(255);
        PngWriter.Write(_folder.File("mask.png"), mask, Width, Height);
        DecodedImage scene = ImageDecoder.Load(TestData.Demo("samples/duck-in-forest.png"));
        byte[] wide = new byte[Width * Height * 3];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = scene.Pixels[i];
        PngWriter.Write(_folder.File("wide.png"), wide, Width, Height);
        string list = _folder.Write("list.csv", "image,mask\nwide.png,mask.png\n");
        int Foreground(string protocol)
        {
            JsonElement one = CliRun.Results("segment", list, "--protocol", protocol, "--out", _folder.File(protocol)).GetProperty("perImage")[0];
            DecodedImage found = ImageDecoder.Load(_folder.File($"{protocol}/wide.png"));
            int taken = 0, correct = one.GetProperty("pixelCorrect").GetInt32(), columns = found.Width, hits = 0;
            for (int i = 0; i < columns * found.Height; i++)
            {
                bool isForeground = found.Pixels[i * found.Channels] > 0;
                taken += isForeground ? 1 : 0;
                hits += isForeground == (protocol == "reference" && i % columns < columns / 4) ? 1 : 0;
            }
            Assert.That(correct, Is.EqualTo(hits), protocol);
            return taken;
        }
        Assert.That(Foreground("aligned"), Is.EqualTo(Foreground("reference")), "the mask itself is the same");
    }

    [Test]
    public void BadInput_IsNamed()
    {
        string text = _folder.Write("text.png", "no picture at all, only words");
        CliRun.Bad("text.png", "segment", text);
        CliRun.Bad("none.png", "segment", _folder.File("none.png"));
        CliRun.Bad("gone_mask.png", "segment", _folder.Write("a.csv", $"image,mask\n{Scene("0000.png")},gone_mask.png\n"));
        CliRun.Bad("text.png", "segment", _folder.Write("b.csv", $"image,mask\n{Scene("0000.png")},{text}\n"));
        CliRun.Bad("line 2", "segment", _folder.Write("c.csv", $"image,mask\n{Scene("0000.png")}\n"));
        CliRun.Bad("lists no image", "segment", _folder.Write("d.csv", "image,mask\n"));
        CliRun.Bad("classifier", "segment", Scene("0000.png"), "--classifier", _folder.File("classifier.npy"));
        CliRun.Bad("is a file", "segment", Scene("0000.png"), "--out", text);
        PngWriter.Write(_folder.File("tall.png"), new byte[96 * 40], 40, 96);
        CliRun.Bad("40 × 96", "segment", _folder.Write("e.csv", $"image,mask\n{Scene("0000.png")},tall.png\n"));
        Directory.CreateDirectory(_folder.File("empty"));
        CliRun.Bad("holds no PNG", "segment", _folder.File("empty"));
    }
}

using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Files;
using ClipCore.Lanes;
using ClipCore.Numerics;
using ClipCore.Verification;

namespace ClipCore.Tests.Verification;

sealed class FingerprintsTests
{
    [Test]
    public void Fingerprints_DependOnNeitherWidthNorBatch_AndSurviveTheirFile()
    {
        using ClipModel wide = DemoModel.Load(new ClipModelOptions { Threads = 2 }),
            scalar = DemoModel.Load(new ClipModelOptions { Threads = 1, Isa = Isa.Scalar });
        Fingerprints first = Fingerprints.Of(wide, 2), second = Fingerprints.Of(scalar, 5);
        Assert.That(first.FirstDifference(second), Is.Null);
        using TemporaryFolder folder = new();
        first.Save(folder.File("prints.json"));
        Fingerprints read = Fingerprints.Load(folder.File("prints.json"));
        Assert.That(read.ModelSha256, Is.EqualTo(wide.Identity.Sha256));
        Assert.That(read.Stages, Is.EqualTo(first.Stages));
        byte[] marked = [.. System.Text.Encoding.UTF8.Preamble, .. File.ReadAllBytes(folder.File("prints.json"))];
        Assert.That(Fingerprints.Read(marked, "marked.json").Stages, Is.EqualTo(first.Stages));
    }

    [Test]
    public void Stages_WithoutExtras_AreTheShippedOnes()
    {
        using ClipModel model = DemoModel.Load(new ClipModelOptions { Threads = 2 });
        Fingerprints shipped = Fingerprints.Load(TestData.Demo("fingerprints.json")), found = Fingerprints.Of(model);
        Assert.That(found.FirstDifference(shipped), Is.EqualTo("the number of stages"));
        Assert.That(shipped.FirstDifference(found), Is.EqualTo("picture: JPEG decoded"));
        Assert.That(shipped.Stages.Count - found.Stages.Count, Is.EqualTo(2));
    }

    [Test]
    public void ChangedHash_IsTheFirstDifference()
    {
        Fingerprints one = new("a", [new("pixels", "1"), new("tokens", "2"), new("mask", "3")]);
        Fingerprints other = new("a", [new("pixels", "1"), new("tokens", "0"), new("mask", "0")]);
        Assert.That(one.FirstDifference(other), Is.EqualTo("tokens"));
        Assert.That(one.FirstDifference(one), Is.Null);
    }

    [TestCase("{}")]
    [TestCase("nonsense")]
    [TestCase("{\"version\":9,\"model\":\"a\",\"stages\":{}}")]
    [TestCase("{\"version\":1,\"model\":null,\"stages\":{}}")]
    [TestCase("{\"version\":1,\"model\":\"a\",\"stages\":[]}")]
    [TestCase("{\"version\":1,\"model\":\"a\",\"stages\":{\"pixels\":null}}")]
    public void BadFiles_AreNamed(string json) => Assert.That(
        () => Fingerprints.Read(System.Text.Encoding.UTF8.GetBytes(json), "bad.json"),
        Throws.InstanceOf<InvalidDataException>().With.Message.Contains("bad.json").And.Message.Contains("make the file anew"));

    [Test]
    public void ModelWithoutVision_IsRefused()
    {
        using ClipModel model = DemoModel.Load(new ClipModelOptions { Threads = 1, Towers = Checkpoints.TowerSelection.TextOnly });
        Assert.That(() => Fingerprints.Of(model), Throws.ArgumentException.With.Message.Contains("no vision tower"));
    }

    [Test]
    public void PublishedNumbers_AreRefusedForOtherModels()
    {
        using ClipModel model = DemoModel.Load(new ClipModelOptions { Threads = 1 });
        Assert.That(PublishedNumbers.Recognize(model), Is.Null);
        Assert.That(() => PublishedNumbers.Measure(PublishedNumbers.OpenAiB32, model), Throws.ArgumentException.With.Message.Contains("another shape"));
        Assert.That(() => PublishedNumbers.Measure("openai/clip", model), Throws.ArgumentException.With.Message.Contains(PublishedNumbers.LaionL14));
    }

    [Test]
    public void PublishedNumber_AgreesWithinItsToleranceOnly()
    {
        PublishedNumber Of(params double[] measured) => new("x", "y", [1, 2], measured, 0.01);
        Assert.That(Of(1.009, 1.991).Agrees, Is.True);
        Assert.That(Of(1.009, 1.98).Agrees, Is.False);
        Assert.That(Of(1).Agrees, Is.False, "a number is missing");
    }
}

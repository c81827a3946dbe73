using System.Text.Json;
using ClipCore.Cli;

namespace ClipCore.Tests.Cli;

sealed class VerifyTests
{
    [Test]
    public void DemoModel_HasTheShippedBits()
    {
        JsonElement found = CliRun.Results("verify", "--quick");
        Assert.That(found.GetProperty("equal").GetBoolean(), Is.True);
        Assert.That(found.GetProperty("runs").GetArrayLength(), Is.EqualTo(8));
        using JsonDocument shipped = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("fingerprints.json")));
        Assert.That(
            found.GetProperty("fingerprints").EnumerateObject().Select(stage => (stage.Name, stage.Value.GetString())),
            Is.EqualTo(shipped.RootElement.GetProperty("stages").EnumerateObject().Select(stage => (stage.Name, stage.Value.GetString()))));
    }

    [Test]
    public void ChangedStage_IsNamed_AndGivesExitCode1()
    {
        using TemporaryFolder folder = new();
        string text = File.ReadAllText(TestData.Demo("fingerprints.json"));
        using JsonDocument json = JsonDocument.Parse(text);
        string hash = json.RootElement.GetProperty("stages").GetProperty("residual stream after layer 2").GetString()!;
        string file = folder.Write("changed.json", text.Replace(hash, new string('0', 64), StringComparison.Ordinal));
        CliRun run = CliRun.Of("verify", "--quick", "--against", file);
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("the first difference: residual stream after layer 2"));
    }

    [Test]
    public void OwnModel_WritesAFileThatAnotherMachineChecks()
    {
        using TemporaryFolder folder = new();
        string model = TestData.Golden("models/tiny-gelu"), file = folder.File("own.json");
        CliRun.Good("verify", "--model", model, "--out", file);
        Assert.That(CliRun.Good("verify", "--model", model, "--against", file, "--full", "--quick", "--out", folder.File("again.json")).Output,
            Does.Contain("same bits as"));
        Assert.That(File.ReadAllText(folder.File("again.json")), Is.EqualTo(File.ReadAllText(file)));
        CliRun.Bad("other weights", "verify", "--against", file);
    }

    [Test]
    public void PublishedNumbers_OfAnotherModel_AreRefused()
    {
        CliRun.Bad("another shape", "verify", "--quick", "--published", "openai/clip-vit-base-patch32");
        CliRun.Bad("not known", "verify", "--quick", "--published", "openai/clip");
    }

    [Test]
    public void BadFingerprints_AreNamed()
    {
        using TemporaryFolder folder = new();
        CliRun.Bad("bad.json", "verify", "--quick", "--against", folder.Write("bad.json", "{}"));
    }
}

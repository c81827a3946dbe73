using System.Text.Json;

namespace ClipCore.Tests.Cli;

sealed class BenchTests
{
    [Test]
    public void DemoModel_IsMeasured_AndStagesCoverTheWhole()
    {
        using JsonDocument json = JsonDocument.Parse(CliRun.Good("bench", "--seconds", "0.05", "--batch", "2", "--json", "-").Output);
        Assert.That(json.RootElement.GetProperty("imageMs").GetDouble(), Is.GreaterThan(0));
        Assert.That(json.RootElement.GetProperty("stages").EnumerateObject().Sum(stage => stage.Value.GetDouble()), Is.EqualTo(1).Within(1e-9));
        Assert.That(json.RootElement.GetProperty("decompose").EnumerateObject().Count(), Is.EqualTo(4));
    }

    [Test]
    public void UnknownRandomModel_IsRefused() => CliRun.Bad("ViT-B-16", "bench", "--model", "random:ViT-X-9");
}

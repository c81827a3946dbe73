using System.Text.Json;

namespace ClipCore.Tests.Cli;

sealed class BenchTests
{
    [Test]
    public void DemoModel_IsMeasured_AndStagesCoverTheWhole()
    {
        JsonElement found = CliRun.Results("bench", "--seconds", "0.05", "--batch", "2");
        Assert.That(found.GetProperty("imageMs").GetDouble(), Is.GreaterThan(0));
        Assert.That(found.GetProperty("stages").EnumerateObject().Sum(stage => stage.Value.GetDouble()), Is.EqualTo(1).Within(1e-9));
        Assert.That(found.GetProperty("decompose").EnumerateObject().Count(), Is.EqualTo(4));
    }

    [Test]
    public void UnknownRandomModel_IsRefused() => CliRun.Bad("ViT-B-16", "bench", "--model", "random:ViT-X-9");
}

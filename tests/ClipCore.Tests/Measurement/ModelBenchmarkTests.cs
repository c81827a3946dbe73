using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Lanes;
using ClipCore.Measurement;

namespace ClipCore.Tests.Measurement;

sealed class ModelBenchmarkTests
{
    [Test]
    public void StagesOfTheDemoModel_SumUpToTheWhole()
    {
        ClipModelOptions options = new() { Threads = 2 };
        using Checkpoint checkpoint = DemoModel.OpenCheckpoint();
        using ModelBenchmark benchmark = ModelBenchmark.Load(checkpoint, options);
        ModelBenchmarkResult found = benchmark.Run(images: 2, seconds: 0.01);
        Assert.That(found.Stages.Sum(stage => stage.Share), Is.EqualTo(1).Within(1e-9));
        Assert.That(found.Stages.Single(stage => stage.Name == "MLP").Share, Is.GreaterThan(0));
        Assert.That(found.Stages.Single(stage => stage.Name == "decomposition").Share, Is.Zero, "encoding decomposes nothing");
        Assert.That(found.Decompositions.Select(cost => cost.Ratio), Has.Exactly(4).GreaterThan(0));
        Assert.That((found.Threads, found.Batch), Is.EqualTo((2, 2)));
        Assert.That(found.ShareOfPeak, Is.EqualTo(found.Gflops / found.PeakGflops));
    }

    [Test]
    public void WatchedModel_ComputesTheSameBits()
    {
        ClipModelOptions options = new() { Threads = 1 };
        using ModelBenchmark benchmark = ModelBenchmark.Load(TestData.Golden("models/tiny-gelu"), options);
        using ClipModel plain = ClipModel.Load(TestData.Golden("models/tiny-gelu"), options);
        float[] pixels = [.. Enumerable.Range(0, plain.PixelCount).Select(i => (i % 101 / 50f) - 1)];
        Assert.That(benchmark.Model.EncodeImage(pixels), Is.EqualTo(plain.EncodeImage(pixels)));
        Assert.That(benchmark.Model.HasText, Is.False, "only the vision tower is measured");
    }

    [Test]
    public void NumbersOutsideTheirRange_AreRefused()
    {
        using ModelBenchmark benchmark = ModelBenchmark.Load(TestData.Golden("models/tiny-gelu"), new ClipModelOptions { Threads = 1 });
        Assert.That(() => benchmark.Run(images: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => benchmark.Run(seconds: double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => benchmark.Run(cancellation: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void CheckpointWithoutVision_IsRefused()
    {
        using Checkpoint checkpoint = DemoModel.OpenCheckpoint(new CheckpointOptions { Towers = TowerSelection.TextOnly });
        Assert.That(() => ModelBenchmark.Load(checkpoint), Throws.ArgumentException.With.Message.Contains("no vision tower"));
    }

    [Test]
    public void RandomModels_AreKnownByName()
    {
        Assert.That(RandomModel.Architectures, Does.Contain("ViT-B-16").And.Contain("ViT-H-14"));
        Assert.That(() => RandomModel.Create("ViT-X-9"), Throws.InstanceOf<UnsupportedModelException>().With.Message.Contains("ViT-B-16"));
        Assert.That(() => ModelBenchmark.LoadRandom("ViT-X-9"), Throws.InstanceOf<UnsupportedModelException>());
    }

    [Test]
    public void FmaPeak_IsAboveZero_WhereTheMachineHasTheWidth([Values(Isa.Scalar, Isa.Vector128)] Isa isa) =>
        Assert.That(FmaPeak.Measure(isa, 1), Is.GreaterThan(0));
}

using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Tests.Model;

namespace ClipCore.Tests.Decomposition;

/// <summary>Directions and models that are disposed while calls run.</summary>
sealed class LifetimeTests
{
    static readonly GoldenModel s_golden = new("tiny-gelu", "tiny-gelu");

    static float[] Directions(ClipModel model, int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count * model.EmbedWidth).Select(_ => random.NextSingle() - 0.5f)];
    }

    [Test]
    public void UseCount_FreesOnce_WhenTheLastCallEnds()
    {
        int freed = 0;
        UseCount count = new("Thing", () => freed++);
        UseCount.Use first = count.Enter(), second = count.Enter();
        count.Dispose();
        Assert.That(() => Enter(count), Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("Thing"));
        first.Dispose();
        Assert.That(freed, Is.Zero);
        second.Dispose();
        Assert.That(freed, Is.EqualTo(1));
        count.Dispose();
        Assert.That(freed, Is.EqualTo(1));
        UseCount unused = new("Thing", () => freed++);
        unused.Dispose();
        Assert.That(freed, Is.EqualTo(2));

        static void Enter(UseCount count) => count.Enter().Dispose();
    }

    [Test]
    public void DisposedDirections_RefuseCalls()
    {
        using ClipModel model = s_golden.Load();
        EffectDirections directions = model.CreateDirections(Directions(model, 2, 1));
        float[] given = Directions(model, 2, 1);
        directions.Dispose();
        directions.Dispose();
        float[] pixels = s_golden.Array("pixels").Data;
        Assert.That(
            () => model.Decompose(pixels, new DecomposeOptions { Directions = directions }),
            Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains(nameof(EffectDirections)));
        Assert.That(directions.Values.ToArray(), Is.EqualTo(given));
    }

    [Test, CancelAfter(60_000)]
    public void DisposingDirections_WhileCallsRun_IsSafe()
    {
        using ClipModel model = s_golden.Load(new ClipModelOptions { Threads = 2 });
        float[] pixels = s_golden.Array("pixels").Data, rows = Directions(model, 3, 2);
        float[] expected;
        using (EffectDirections directions = model.CreateDirections(rows))
            expected = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Patch, Directions = directions }).AttentionValues;
        for (int round = 0; round < 10; round++)
        {
            EffectDirections directions = model.CreateDirections(rows);
            DecomposeOptions options = new() { Level = EffectLevel.Patch, Directions = directions };
            int refused = 0, wrong = 0;
            Thread[] callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                try
                {
                    while (true)
                        if (!model.Decompose(pixels, options).AttentionValues.AsSpan().SequenceEqual(expected))
                            Interlocked.Increment(ref wrong);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
            }))];
            foreach (Thread caller in callers)
                caller.Start();
            Thread.Sleep(15);
            directions.Dispose();
            foreach (Thread caller in callers)
                caller.Join();
            Assert.That((refused, wrong), Is.EqualTo((callers.Length, 0)));
        }
    }

    [Test]
    public void DirectionsAndResults_OfAnotherModel_AreRefused()
    {
        using ClipModel model = s_golden.Load(), other = s_golden.Load();
        using EffectDirections directions = other.CreateDirections(Directions(other, 2, 3));
        float[] pixels = s_golden.Array("pixels").Data;
        Assert.That(
            () => model.Decompose(pixels, new DecomposeOptions { Directions = directions }),
            Throws.ArgumentException.With.Message.Contains("another model"));
        Assert.That(
            () => model.DecomposeWithAttention(pixels.AsSpan(0, model.PixelCount), _ => directions),
            Throws.ArgumentException.With.Message.Contains("another model"));
        DirectEffects effects = other.Decompose(pixels);
        Assert.That(() => model.Decompose(pixels, effects.Options, effects), Throws.ArgumentException);
    }

    [Test]
    public void CallerThatFailsInTheMiddle_LeavesTheModelUsable()
    {
        using ClipModel model = s_golden.Load();
        float[] pixels = s_golden.Array("pixels").Data;
        for (int i = 0; i < 40; i++)
            Assert.That(
                () => model.DecomposeWithAttention(pixels.AsSpan(0, model.PixelCount), _ => throw new FormatException("mine")),
                Throws.InstanceOf<FormatException>());
        Assert.That(() => model.Decompose(pixels), Throws.Nothing);
    }

    [Test]
    public void ChangingAnArrayAfterwards_ChangesNoDirections()
    {
        using ClipModel model = s_golden.Load();
        float[] rows = Directions(model, 2, 4);
        using EffectDirections directions = model.CreateDirections(rows);
        float[] before = directions.Values.ToArray();
        rows.AsSpan().Clear();
        Assert.That(directions.Values.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Coordinates_KeepTheClassTokensValuesOnly_AndAreTheSameAsAmongAll()
    {
        using ClipModel model = s_golden.Load();
        float[] pixels = s_golden.Array("pixels").Data;
        (DirectEffects effects, EffectCoordinates coordinates) = ((IImageModel)model).DecomposeToCoordinates(pixels);
        CoordinateBasis basis = ((IImageModel)model).CoordinateBasis();
        DirectEffects patches = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Patch });
        int layers = effects.LayerCount, heads = effects.HeadCount, width = model.VisionConfig.Width, k = width / heads, e = model.EmbedWidth;
        for (int image = 0; image < effects.ImageCount; image++)
            for (int layer = 0; layer < layers; layer++)
                for (int head = 0; head < heads; head++)
                {
                    float[] b = basis.OfHead(layer, head, layers, heads, width, e);
                    for (int j = 0; j < e; j++)
                    {
                        // The constants are shared out among the tokens, so a token bears a part of them.
                        double sum = 0;
                        for (int i = 0; i < k; i++)
                            sum += (double)coordinates.ClassToken[(((image * layers) + layer) * width) + (head * k) + i] * b[(i * e) + j];
                        for (int i = 0; i < EffectCoordinates.Scalars; i++)
                            sum += (double)coordinates.Shared[(image * EffectCoordinates.Scalars) + i] * b[((k + i) * e) + j] / effects.TokenCount;
                        Assert.That(patches.Patch(layer, head, 0, image)[j], Is.EqualTo(sum).Within(2e-6));
                    }
                }
    }

    [Test]
    public void Sizes_ThatOverflow_AreRefusedAsArguments()
    {
        Assert.That(
            () => ArrayLength.Of("It", "do less", 1 << 20, 1 << 20, 1 << 20), Throws.ArgumentException.With.Message.Contains("1152921504606846976"));
        Assert.That(ArrayLength.Of("It", "do less", 3, 0, 5), Is.Zero);
        Assert.That(
            () => ClipCore.Numerics.Kernels.For(ClipCore.Lanes.Isa.Scalar).ScratchFloats(1 << 24, 128),
            Throws.ArgumentException.With.Message.Contains("16777216"));
    }
}

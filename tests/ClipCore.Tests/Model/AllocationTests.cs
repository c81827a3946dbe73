using ClipCore.Decomposition;

namespace ClipCore.Tests.Model;

public class AllocationTests
{
    [Test]
    public void WarmModel_AllocatesNothingPerImage()
    {
        using ClipModel model = ClipModel.Load(TestData.Demo(), new ClipModelOptions { Threads = 2 });
        float[] pixels = new float[2 * model.PixelCount], representations = new float[2 * model.EmbedWidth];
        float[] texts = new float[3 * model.EmbedWidth];
        texts.AsSpan().Fill(0.1f);
        using EffectDirections directions = model.CreateDirections(texts);
        DecomposeOptions heads = new(), patches = new() { Level = EffectLevel.Patch, Directions = directions };
        DirectEffects headEffects = model.Decompose(pixels, heads), patchEffects = model.Decompose(pixels, patches);
        void Run()
        {
            model.EncodeImages(pixels, representations);
            model.Decompose(pixels, heads, headEffects);
            model.Decompose(pixels, patches, patchEffects);
        }

        for (int i = 0; i < 40; i++)
            Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            Run();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void DisposedModel_RefusesCalls()
    {
        ClipModel model = ClipModel.Load(TestData.Demo());
        float[] pixels = new float[model.PixelCount];
        model.Dispose();
        model.Dispose();
        Assert.That(() => model.EncodeImage(pixels), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void DisposeWhileCallsRun_IsSafe()
    {
        for (int round = 0; round < 5; round++)
        {
            ClipModel model = ClipModel.Load(TestData.Demo(), new ClipModelOptions { Threads = 2 });
            float[] pixels = new float[model.PixelCount];
            int refused = 0;
            Thread[] callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                try
                {
                    while (true)
                        model.EncodeImage(pixels);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
            }))];
            foreach (Thread caller in callers)
                caller.Start();
            Thread.Sleep(20);
            model.Dispose();
            foreach (Thread caller in callers)
                caller.Join();
            Assert.That(refused, Is.EqualTo(callers.Length));
        }
    }

    [Test]
    public void PixelsThatAreNotFinite_AreRefusedByPlace()
    {
        using ClipModel model = ClipModel.Load(TestData.Demo());
        float[] pixels = new float[2 * model.PixelCount];
        pixels[model.PixelCount + (2 * 96 * 96) + (5 * 96) + 7] = float.NaN;
        Assert.That(() => model.EncodeImages(pixels), Throws.ArgumentException.With.Message.Contains("image 1, channel 2, row 5, column 7"));
    }
}

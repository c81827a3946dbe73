using ClipCore.Checkpoints;
using ClipCore.Lanes;

namespace ClipCore.Benchmarks;

/// <summary>Models with random weights. The last one's weights are kept, since cases of one model follow each other.</summary>
static class RandomModels
{
    static RandomCheckpoint? s_last;

    /// <summary>The weights of an architecture, such as <c>ViT-B-16</c>; they stay valid until another one is asked for.</summary>
    public static RandomCheckpoint Checkpoint(string name)
    {
        if (s_last?.Name == name)
            return s_last;
        s_last?.Dispose();
        s_last = null;
        return s_last = new RandomCheckpoint(name);
    }

    /// <summary>Loads a model.</summary>
    public static ClipModel Load(string name, Isa isa, int threads)
    {
        using Checkpoint checkpoint = Checkpoint(name).Open();
        return ClipModel.Load(checkpoint, null, new ClipModelOptions { Isa = isa, Threads = threads });
    }

    /// <summary>Pixels of so many pictures.</summary>
    public static float[] Pixels(ClipModel model, int images)
    {
        Random random = new(2);
        return [.. Enumerable.Range(0, images * model.PixelCount).Select(_ => (random.NextSingle() * 4) - 2)];
    }
}

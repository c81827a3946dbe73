using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore.Decomposition;

sealed unsafe partial class Engine
{
    /// <summary>Keeps what is asked for of a forward pass, beside the representations.</summary>
    /// <param name="pixels">Normalised pixels. [b, 3, size, size]</param>
    /// <param name="options">What to keep.</param>
    public CaptureResult Capture(ReadOnlySpan<float> pixels, CaptureOptions options)
    {
        VisionTower tower = Vision;
        int images = ImageCount(pixels), width = tower.EmbedWidth;
        const string Remedy = "capture fewer images at a time, or less of them";
        using UseCount.Use use = _uses.Enter();
        using CaptureStore store = new(options, tower.Transformer.Shape, images, tower.TokenCount);
        float[] representations = new float[ArrayLength.Of("The representations", Remedy, images, width)], norms = new float[images];
        float[]? patchTokens = options.PatchTokens
            ? new float[ArrayLength.Of("The patch tokens", Remedy, images, tower.TokenCount - 1, width)] : null;
        LayerNormStats* stats = stackalloc LayerNormStats[MaxImagesAtOnce];
        fixed (float* source = pixels)
        {
            for (int first = 0; first < images; first += store.ImagesAtOnce)
            {
                int count = Math.Min(store.ImagesAtOnce, images - first);
                using Lease<VisionWorkspace> work = RentVision(count);
                float* from = source + ((long)first * tower.PixelCount);
                MatrixView output = store.NeedsAllTokens
                    ? Capture<EveryToken>(store, work.Value, from, first, count, stats)
                    : Capture<ClassTokenAlone>(store, work.Value, from, first, count, stats);
                CopyRows(
                    output, stats, "image", first, true, representations.AsSpan(first * width, count * width), norms.AsSpan(first, count));
                if (patchTokens != null)
                    ProjectPatches(work.Value.Transformer, first, count, patchTokens);
            }
        }
        return new CaptureResult(store, representations, norms, patchTokens, width);
    }

    MatrixView Capture<TTokens>(CaptureStore store, VisionWorkspace work, float* pixels, int first, int count, LayerNormStats* stats)
        where TTokens : struct, ITokenChoice
    {
        CaptureProbe<TTokens> probe = new(store, Vision.Transformer.Shape.LayerCount, first, count);
        return Vision.Encode(_team, work, pixels, count, ref probe, stats);
    }

    /// <summary>The tokens that a pass has left in the residual stream, image by image without the class token.</summary>
    void ProjectPatches(TransformerWorkspace work, int first, int count, float[] destination)
    {
        int tokens = Vision.TokenCount, length = (tokens - 1) * Vision.EmbedWidth;
        MatrixView residual = work.Residual(count * tokens), normed = work.Normed(tokens - 1);
        for (int image = 0; image < count; image++)
        {
            MatrixView patches = new(residual.Row((image * tokens) + 1), tokens - 1, residual.Columns, residual.Stride);
            Project(work.Scratch, patches, normed, $"a patch of image {first + image}, patch", false, destination.AsSpan((first + image) * length, length));
        }
    }
}

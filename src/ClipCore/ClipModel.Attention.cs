using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Segmentation;

namespace ClipCore;

public sealed partial class ClipModel
{
    /// <summary>What attention alone says of an image, from one forward pass: baselines for the heatmaps of the decomposition.</summary>
    /// <param name="pixels">Normalised pixels of one image. [3, size, size]</param>
    /// <exception cref="ArgumentException">The length does not fit, or a pixel is not finite.</exception>
    public unsafe AttentionMaps ReadAttention(ReadOnlySpan<float> pixels)
    {
        if (pixels.Length != PixelCount)
            throw new ArgumentException($"One image has {PixelCount} floats, but {pixels.Length} were given.", nameof(pixels));
        VisionTower tower = Vision;
        TransformerShape shape = tower.Transformer.Shape;
        using PatternRecord record = new(shape, tower.TokenCount);
        PatternRecord.Probe probe = new(record);
        Watch(pixels, ref probe);

        int patches = tower.TokenCount - 1, stride = Kernels.Padded(shape.Width), outStride = Kernels.Padded(tower.EmbedWidth);
        using Use use = new(this);
        using AlignedBuffer buffer = new(2L * patches * stride), output = new((long)patches * outStride);
        using TeamScratch scratch = new(_team.Size, _kernels.ScratchFloats(1, shape.HeadWidth));
        MatrixView values = new(buffer.Data, patches, shape.Width, stride), residual = new(buffer.Data + ((long)patches * stride), patches, shape.Width, stride);
        MatrixView projected = new(output.Data, patches, tower.EmbedWidth, outStride);
        for (int patch = 0; patch < patches; patch++)
            record.CopyValues(patch, new Span<float>(values.Row(patch), shape.Width));
        LinearParameters last = tower.Transformer.Blocks[^1].Out;
        _kernels.Gemm(_team, scratch, values, last.Weight, last.Bias.Data, Epilogue.Bias, default, residual);
        _kernels.LayerNorm(_team, residual, tower.NormPost.Gain.Data, tower.NormPost.Bias.Data, shape.Epsilon, null, values);
        _kernels.Gemm(_team, scratch, values, tower.Projection, null, Epilogue.Store, default, projected);
        float[] rows = new float[patches * tower.EmbedWidth];
        CopyRows(projected, true, rows, default);
        return new AttentionMaps(record.Raw(), record.Rollout(), rows);
    }
}

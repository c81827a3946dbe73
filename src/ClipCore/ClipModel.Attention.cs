using ClipCore.Decomposition;
using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore;

public sealed partial class ClipModel
{
    /// <summary>
    /// One forward pass that gives both an image's heatmap for a direction chosen by its representation and what attention alone says of it: the baselines
    /// of the heatmap.
    /// </summary>
    /// <param name="pixels">Normalised pixels of one image. [3, size, size]</param>
    /// <param name="choose">The directions to decompose along, given the unit representation [e].</param>
    /// <exception cref="ArgumentException">The length does not fit, a pixel is not finite, or the directions belong to another model.</exception>
    public unsafe (DirectEffects Effects, AttentionMaps Attention) DecomposeWithAttention(ReadOnlySpan<float> pixels, Func<float[], EffectDirections> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        if (pixels.Length != PixelCount)
            throw new ArgumentException($"One image has {PixelCount} floats, but {pixels.Length} were given.", nameof(pixels));
        _ = ImageCount(pixels);
        VisionTower tower = Vision;
        TransformerShape shape = tower.Transformer.Shape;
        using Use use = new(this);
        VisionWorkspace work = RentVision(1);
        EffectWorkspace kept = RentEffects(1);
        kept.Record.KeepWeightedValues();
        using PatternRecord patterns = new(shape, tower.TokenCount, kept.Record);
        PatternRecord.Probe probe = new(patterns, new EffectRecord.Probe(kept.Record, 1, true));
        float[] representation = new float[tower.EmbedWidth], norm = new float[1];
        fixed (float* source = pixels)
            CopyRows(tower.Encode(_team, work, source, 1, ref probe, kept.Record.Stats), true, representation, norm);

        DecomposeOptions options = new() { Level = EffectLevel.Patch, Directions = choose(representation) };
        if (options.Directions.Model != this)
            throw new ArgumentException("The directions were made by another model.", nameof(choose));
        EffectBasis basis = Basis(options);
        DirectEffects effects = new(options, 1, shape.LayerCount, shape.HeadCount, tower.TokenCount, basis.Columns, tower.EmbedWidth);
        representation.CopyTo(effects.RepresentationValues, 0);
        norm.CopyTo(effects.NormValues, 0);
        Decomposer.Run(_team, _kernels, work.Transformer.Scratch, basis, shape, kept.Record, kept.Items, 0, 1, effects);
        AttentionMaps maps = new(patterns.Raw(), patterns.Rollout(), Values(patterns));
        _effectWork.Return(kept);
        _visionWork.Return(work);
        return (effects, maps);
    }

    /// <summary>The last layer's values of each patch as if they were representations. [N, e]</summary>
    unsafe float[] Values(PatternRecord patterns)
    {
        VisionTower tower = Vision;
        TransformerShape shape = tower.Transformer.Shape;
        int patches = tower.TokenCount - 1, stride = Kernels.Padded(shape.Width), outStride = Kernels.Padded(tower.EmbedWidth);
        using AlignedBuffer buffer = new(2L * patches * stride), output = new((long)patches * outStride);
        using TeamScratch scratch = new(_team.Size, _kernels.ScratchFloats(1, shape.HeadWidth));
        MatrixView values = new(buffer.Data, patches, shape.Width, stride), residual = new(buffer.Data + ((long)patches * stride), patches, shape.Width, stride);
        MatrixView projected = new(output.Data, patches, tower.EmbedWidth, outStride);
        for (int patch = 0; patch < patches; patch++)
            patterns.CopyValues(patch, new Span<float>(values.Row(patch), shape.Width));
        LinearParameters last = tower.Transformer.Blocks[^1].Out;
        _kernels.Gemm(_team, scratch, values, last.Weight, last.Bias.Data, Epilogue.Bias, default, residual);
        _kernels.LayerNorm(_team, residual, tower.NormPost.Gain.Data, tower.NormPost.Bias.Data, shape.Epsilon, null, values);
        _kernels.Gemm(_team, scratch, values, tower.Projection, null, Epilogue.Store, default, projected);
        float[] rows = new float[patches * tower.EmbedWidth];
        CopyRows(projected, true, rows, default);
        return rows;
    }
}

using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Decomposition;

sealed unsafe partial class Engine
{
    /// <summary>Directions folded into this model.</summary>
    /// <param name="directions">Rows, copied. [T, e]</param>
    public EffectDirections CreateDirections(ReadOnlySpan<float> directions)
    {
        int width = Vision.EmbedWidth;
        if (directions.Length == 0 || directions.Length % width != 0)
            throw new ArgumentException(
                $"Directions are rows of {width} floats: {directions.Length} floats are not a whole number of them.", nameof(directions));
        for (int i = 0; i < directions.Length; i++)
            if (!float.IsFinite(directions[i]))
                throw new ArgumentException($"Direction {i / width} is not finite: it holds {directions[i]} at {i % width}.", nameof(directions));
        return new EffectDirections(this, directions.ToArray(), directions.Length / width);
    }

    /// <summary>Splits image representations into direct effects.</summary>
    /// <param name="pixels">Normalised pixels. [b, 3, size, size]</param>
    /// <param name="options">How finely, and along which directions.</param>
    /// <param name="reuse">An earlier result to overwrite; null for a new one.</param>
    /// <param name="firstImage">What messages call the first image, where the call is a part of a longer one.</param>
    public DirectEffects Decompose(ReadOnlySpan<float> pixels, DecomposeOptions options, DirectEffects? reuse, int firstImage = 0) =>
        Decompose(pixels, options, reuse, null, firstImage);

    /// <summary>Splits by layer, and gives the heads' coordinates too.</summary>
    /// <param name="pixels">Normalised pixels. [b, 3, size, size]</param>
    public (DirectEffects Effects, EffectCoordinates Coordinates) DecomposeToCoordinates(ReadOnlySpan<float> pixels)
    {
        TransformerShape shape = Vision.Transformer.Shape;
        EffectCoordinates coordinates = new(ImageCount(pixels), shape.LayerCount, shape.Width);
        return (Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Layer }, null, coordinates, 0), coordinates);
    }

    /// <summary>The constants that turn coordinates into effects.</summary>
    public CoordinateBasis CoordinateBasis()
    {
        using UseCount.Use use = _uses.Enter();
        EffectBasis basis = _bases.Get(_team, Vision, MeanShare.Even);
        int layers = basis.Layers.Length, width = Vision.Transformer.Shape.Width, embed = EmbedWidth;
        const string Remedy = "the model is too large for a store of coordinates";
        float[] g = new float[ArrayLength.Of("The constants of all layers", Remedy, layers, width, embed)], bias = new float[layers * embed];
        for (int layer = 0; layer < layers; layer++)
        {
            for (int i = 0; i < width; i++)
                for (int j = 0; j < embed; j++)
                    g[(((layer * width) + i) * embed) + j] = basis.Layers[layer][i, j];
            new ReadOnlySpan<float>(basis.OutBias(layer), embed).CopyTo(bias.AsSpan(layer * embed));
        }
        return new CoordinateBasis(
            g, bias, new ReadOnlySpan<float>(basis.Ones, embed).ToArray(), new ReadOnlySpan<float>(basis.Beta, embed).ToArray());
    }

    /// <summary>One image's effects along directions chosen by its representation, and what attention alone says of it, from one pass.</summary>
    /// <param name="pixels">Normalised pixels of one image. [3, size, size]</param>
    /// <param name="choose">The directions, given the unit representation [e].</param>
    public (DirectEffects Effects, AttentionMaps Attention) DecomposeWithAttention(
        ReadOnlySpan<float> pixels, Func<float[], EffectDirections> choose)
    {
        VisionTower tower = Vision;
        if (pixels.Length != tower.PixelCount)
            throw new ArgumentException($"One image has {tower.PixelCount} floats, but {pixels.Length} were given.", nameof(pixels));
        _ = ImageCount(pixels);
        using UseCount.Use use = _uses.Enter();
        using Lease<VisionWorkspace> work = RentVision(1);
        using Lease<EffectWorkspace> kept = RentEffects(1);
        EffectRecord.Probe effectProbe = kept.Value.Record.Watch(1, tower.TokenCount);
        using PatternRecord patterns = new(tower.Transformer.Shape, tower.TokenCount, kept.Value.Record);
        PatternRecord.Probe probe = new(patterns, effectProbe);
        float[] representation = new float[tower.EmbedWidth], norm = new float[1];
        fixed (float* source = pixels)
            Record(work.Value, kept.Value, source, 0, 1, ref probe, representation, norm);

        DecomposeOptions options = new() { Level = EffectLevel.Patch, Directions = choose([.. representation]) };
        using BasisUse basis = Basis(options, nameof(choose));
        DirectEffects effects = NewEffects(options, 1, basis.Value);
        representation.CopyTo(effects.RepresentationValues, 0);
        norm.CopyTo(effects.NormValues, 0);
        Split(work.Value, kept.Value, basis.Value, 0, 1, effects, 0);
        return (effects, new AttentionMaps(patterns.Raw(), patterns.Rollout(), ProjectedValues(patterns)));
    }

    DirectEffects Decompose(
        ReadOnlySpan<float> pixels, DecomposeOptions options, DirectEffects? reuse, EffectCoordinates? coordinates, int firstImage)
    {
        int images = ImageCount(pixels), width = Vision.EmbedWidth;
        if (reuse != null && (reuse.ImageCount != images || reuse.Options != options || reuse.Engine != this))
            throw new ArgumentException("A result can be reused for the same model, options and number of images only.", nameof(reuse));
        using UseCount.Use use = _uses.Enter();
        using BasisUse basis = Basis(options, nameof(options));
        DirectEffects effects = reuse ?? NewEffects(options, images, basis.Value);
        // Coordinates have the class token's own part beside all of z: the other tokens' weighted values are not needed.
        int weightedTokens = coordinates != null ? 1 : options.Level == EffectLevel.Patch ? Vision.TokenCount : 0;
        fixed (float* source = pixels)
        {
            for (int first = 0; first < images; first += MaxImagesAtOnce)
            {
                int count = Math.Min(MaxImagesAtOnce, images - first);
                using Lease<VisionWorkspace> work = RentVision(count);
                using Lease<EffectWorkspace> kept = RentEffects(count);
                EffectRecord.Probe probe = kept.Value.Record.Watch(count, weightedTokens);
                Record(
                    work.Value, kept.Value, source + ((long)first * Vision.PixelCount), firstImage + first, count, ref probe,
                    effects.RepresentationValues.AsSpan(first * width, count * width), effects.NormValues.AsSpan(first, count));
                Split(work.Value, kept.Value, basis.Value, first, count, effects, firstImage);
                coordinates?.Take(kept.Value.Record, first, count, Vision.Transformer.Shape.HeadCount, effects);
            }
        }
        return effects;
    }

    /// <summary>The first half of a decomposition: one pass under a probe that fills the record.</summary>
    void Record<TProbe>(
        VisionWorkspace work, EffectWorkspace kept, float* pixels, int first, int count, ref TProbe probe, Span<float> representations,
        Span<float> norms)
        where TProbe : struct, IForwardProbe
    {
        MatrixView output = Vision.Encode(_team, work, pixels, count, ref probe, kept.Record.Stats);
        CopyRows(output, kept.Record.Stats, "image", first, true, representations, norms);
    }

    /// <summary>The second half of a decomposition: the record becomes direct effects.</summary>
    void Split(VisionWorkspace work, EffectWorkspace kept, EffectBasis basis, int first, int count, DirectEffects effects, int firstImage)
    {
        Decomposer.Run(
            _team, _kernels, work.Transformer.Scratch, basis, Vision.Transformer.Shape, kept.Record, kept.Items, first, count, effects);
        for (int image = first; image < first + count; image++)
            if (!float.IsFinite(effects.CompletenessValues[image]))
                throw new NonFiniteResultException("image", firstImage + image, $"its parts sum to something that is {effects.CompletenessValues[image]} off");
    }

    /// <summary>The constants that a decomposition needs: the one place where directions are asked which model made them.</summary>
    BasisUse Basis(DecomposeOptions options, string argument)
    {
        if (options.Directions is not { } directions)
            return new BasisUse(_bases.Get(_team, Vision, options.MeanShare), default);
        if (directions.Engine != this)
            throw new ArgumentException("The directions were made by another model.", argument);
        UseCount.Use use = directions.Enter();
        try
        {
            return new BasisUse(directions.Bases.Get(_team, Vision, options.MeanShare), use);
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    DirectEffects NewEffects(DecomposeOptions options, int images, EffectBasis basis)
    {
        TransformerShape shape = Vision.Transformer.Shape;
        return new DirectEffects(
            this, options, images, shape.LayerCount, shape.HeadCount, Vision.TokenCount, basis.Columns, Vision.EmbedWidth);
    }

    /// <summary>The last layer's values of each patch as if they were representations. [N, e]</summary>
    float[] ProjectedValues(PatternRecord patterns)
    {
        VisionTower tower = Vision;
        TransformerShape shape = tower.Transformer.Shape;
        int patches = tower.TokenCount - 1, stride = Kernels.Padded(shape.Width);
        using AlignedBuffer buffer = new(2L * patches * stride);
        using TeamScratch scratch = new(_team.Size, _kernels.ScratchFloats(1, shape.HeadWidth));
        MatrixView values = new(buffer.Data, patches, shape.Width, stride);
        MatrixView residual = new(buffer.Data + ((long)patches * stride), patches, shape.Width, stride);
        for (int patch = 0; patch < patches; patch++)
            patterns.CopyValues(patch, new Span<float>(values.Row(patch), shape.Width));
        LinearParameters last = tower.Transformer.Blocks[^1].Out;
        _kernels.Gemm(_team, scratch, values, last.Weight, last.Bias.Data, Epilogue.Bias, default, residual);
        float[] rows = new float[ArrayLength.Of("The patches' values", "the pictures have too many patches", patches, tower.EmbedWidth)];
        Project(scratch, residual, values, "patch", true, rows);
        return rows;
    }

    /// <summary>Rows of the residual stream through the last LayerNorm and the projection.</summary>
    /// <param name="scratch">Memory of each member.</param>
    /// <param name="residual">[rows × width]</param>
    /// <param name="normed">Memory for as much again.</param>
    /// <param name="kind">What a row is called in messages.</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="destination">[rows, e]</param>
    void Project(TeamScratch scratch, MatrixView residual, MatrixView normed, string kind, bool normalize, Span<float> destination)
    {
        VisionTower tower = Vision;
        int stride = Kernels.Padded(tower.EmbedWidth);
        using AlignedBuffer output = new((long)residual.Rows * stride);
        MatrixView projected = new(output.Data, residual.Rows, tower.EmbedWidth, stride);
        _kernels.LayerNorm(_team, residual, tower.NormPost.Gain.Data, tower.NormPost.Bias.Data, tower.Transformer.Shape.Epsilon, null, normed);
        _kernels.Gemm(_team, scratch, normed, tower.Projection, null, Epilogue.Store, default, projected);
        CopyRows(projected, null, kind, 0, normalize, destination, default);
    }
}

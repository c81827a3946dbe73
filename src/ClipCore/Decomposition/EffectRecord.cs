using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore.Decomposition;

/// <summary>What a decomposition keeps of a forward pass: per image the heads' z, the MLPs' outputs, and for patches the weighted values.</summary>
sealed unsafe class EffectRecord : IDisposable
{
    readonly TransformerShape _shape;
    readonly int _maxImages, _tokens;
    readonly AlignedBuffer _z, _mlps, _stats, _constants;
    AlignedBuffer? _weightedValues;
    int _weightedTokens;

    public EffectRecord(TransformerShape shape, int maxImages, int tokens)
    {
        _shape = shape;
        _maxImages = maxImages;
        _tokens = tokens;
        _z = new AlignedBuffer((long)shape.LayerCount * maxImages * Stride);
        _mlps = new AlignedBuffer((long)(shape.LayerCount + 1) * maxImages * Stride);
        _stats = new AlignedBuffer((long)maxImages * sizeof(LayerNormStats) / sizeof(float));
        _constants = new AlignedBuffer(2L * maxImages);
    }

    public int Stride => Kernels.Padded(_shape.Width) + 16;

    public int MaxImages => _maxImages;

    /// <summary>Mean and 1/σ of the class tokens before the last LayerNorm. [images]</summary>
    public LayerNormStats* Stats => (LayerNormStats*)_stats.Data;

    /// <summary>1/(σ‖y‖) of each image. [images]</summary>
    public float* Scales => _constants.Data;

    /// <summary>z of all heads side by side: [layers, images, width].</summary>
    public float* Z(int layer, int image) => _z.Data + (((long)layer * _maxImages + image) * Stride);

    /// <summary>The class token after ln_pre (0), and what the MLP of layer i − 1 adds (i): [layers + 1, images, width].</summary>
    public float* Mlp(int index, int image) => _mlps.Data + (((long)index * _maxImages + image) * Stride);

    /// <summary>αᵢ vᵢ of the tokens that were asked for: [layers, images, heads, weighted tokens, headWidth].</summary>
    public float* WeightedValues(int layer, int image, int head) =>
        _weightedValues!.Data + (((((long)layer * _maxImages) + image) * _shape.HeadCount + head) * _weightedTokens * _shape.HeadWidth);

    /// <summary>A probe that fills the record anew.</summary>
    /// <param name="images">Images of the pass.</param>
    /// <param name="weightedTokens">
    /// Of how many tokens, from the class token on, to keep weighted values: 0, 1 or all; decompositions by patch need all.
    /// </param>
    public Probe Watch(int images, int weightedTokens)
    {
        long length = (long)_shape.LayerCount * _maxImages * weightedTokens * _shape.Width;
        if (length > 0 && (_weightedValues == null || _weightedValues.Length < length))
        {
            _weightedValues?.Dispose();
            _weightedValues = new AlignedBuffer(length);
        }
        _weightedTokens = weightedTokens;
        return new Probe(this, images);
    }

    public void Dispose()
    {
        _z.Dispose();
        _mlps.Dispose();
        _stats.Dispose();
        _constants.Dispose();
        _weightedValues?.Dispose();
    }

    /// <summary>The probe that fills the record.</summary>
    public readonly struct Probe(EffectRecord record, int images) : IForwardProbe
    {
        public static bool AllTokens => false;

        public void Residual(int layer, MatrixView residual)
        {
            if (layer > 0)
                return;
            for (int image = 0; image < images; image++)
                Copy(residual.Row(image * record._tokens), record.Mlp(0, image));
        }

        public PatternSinks Patterns(int layer) => record._weightedTokens > 0
            ? new PatternSinks(null, null, record.WeightedValues(layer, 0, 0), record._tokens, record._weightedTokens)
            : default;

        public void Middle(int layer, MatrixView residual)
        {
        }

        public void Z(int layer, MatrixView z, ReadOnlySpan<int> rows)
        {
            for (int image = 0; image < images; image++)
                Copy(z.Row(rows[image]), record.Z(layer, image));
        }

        public float* MlpOut(int layer, out int stride)
        {
            stride = record.Stride;
            return record.Mlp(layer + 1, 0);
        }

        void Copy(float* source, float* destination) =>
            new ReadOnlySpan<float>(source, record._shape.Width).CopyTo(new Span<float>(destination, record._shape.Width));
    }
}

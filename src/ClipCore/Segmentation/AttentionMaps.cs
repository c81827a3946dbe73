using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore.Segmentation;

/// <summary>What attention alone says of an image: baselines for heatmaps, from one forward pass.</summary>
/// <param name="Raw">The last layer's attention from the class token to each patch, mean of the heads. [N]</param>
/// <param name="Rollout">
/// Attention rollout (Abnar and Zuidema 2020): the product over the layers of (A + I) / 2, A the mean of the heads; its row of the class token. [N]
/// </param>
/// <param name="Values">The last layer's values of each patch, through the output matrix, the last LayerNorm and the projection; unit length (the idea of MaskCLIP, Zhou et al. 2022). [N, e]</param>
public sealed record AttentionMaps(float[] Raw, float[] Rollout, float[] Values);

/// <summary>Keeps the attention patterns of one image: the heads' mean of every layer, and the last layer's values.</summary>
sealed unsafe class PatternRecord : IDisposable
{
    readonly AlignedBuffer _all, _pooled, _weighted;
    readonly float[][] _means;
    readonly int _layers, _heads, _tokens, _headWidth;

    public PatternRecord(TransformerShape shape, int tokens)
    {
        (_layers, _heads, _tokens, _headWidth) = (shape.LayerCount, shape.HeadCount, tokens, shape.HeadWidth);
        _all = new AlignedBuffer((long)_heads * tokens * tokens);
        _pooled = new AlignedBuffer((long)_heads * tokens);
        _weighted = new AlignedBuffer((long)_heads * tokens * _headWidth);
        _means = new float[_layers - 1][];
    }

    /// <summary>The last layer's attention from the class token to each patch, mean of the heads. [N]</summary>
    public float[] Raw()
    {
        float[] raw = new float[_tokens - 1];
        for (int patch = 0; patch < raw.Length; patch++)
            raw[patch] = (float)PooledMean(patch + 1);
        return raw;
    }

    /// <summary>Rollout's row of the class token. [N]</summary>
    public float[] Rollout()
    {
        double[] row = new double[_tokens], next = new double[_tokens];
        for (int token = 0; token < _tokens; token++)
            row[token] = (PooledMean(token) + (token == 0 ? 1 : 0)) / 2;
        for (int layer = _layers - 2; layer >= 0; layer--)
        {
            for (int token = 0; token < _tokens; token++)
                next[token] = row[token] / 2;
            for (int from = 0; from < _tokens; from++)
                for (int token = 0; token < _tokens; token++)
                    next[token] += row[from] * _means[layer][(from * _tokens) + token] / 2;
            (row, next) = (next, row);
        }
        return [.. row.Skip(1).Select(value => (float)value)];
    }

    /// <summary>Values of a patch, the heads side by side. [width]</summary>
    public void CopyValues(int patch, Span<float> destination)
    {
        for (int head = 0; head < _heads; head++)
        {
            float* weighted = _weighted.Data + ((((long)head * _tokens) + patch + 1) * _headWidth);
            float pattern = _pooled.Data[(head * _tokens) + patch + 1];
            for (int j = 0; j < _headWidth; j++)
                destination[(head * _headWidth) + j] = pattern > 0 ? weighted[j] / pattern : 0;
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        _pooled.Dispose();
        _weighted.Dispose();
    }

    double PooledMean(int token)
    {
        double sum = 0;
        for (int head = 0; head < _heads; head++)
            sum += _pooled.Data[(head * _tokens) + token];
        return sum / _heads;
    }

    void Close(int layer)
    {
        float[] mean = new float[_tokens * _tokens];
        for (int i = 0; i < mean.Length; i++)
        {
            double sum = 0;
            for (int head = 0; head < _heads; head++)
                sum += _all.Data[((long)head * mean.Length) + i];
            mean[i] = (float)(sum / _heads);
        }
        _means[layer] = mean;
    }

    /// <summary>The probe that fills the record.</summary>
    public readonly struct Probe(PatternRecord record) : IForwardProbe
    {
        public static bool AllTokens => false;

        public void Residual(int layer, MatrixView residual)
        {
            if (layer > 0 && layer < record._layers)
                record.Close(layer - 1);
        }

        public PatternSinks Patterns(int layer) => layer < record._layers - 1
            ? new PatternSinks(null, record._all.Data, null, record._tokens)
            : new PatternSinks(record._pooled.Data, null, record._weighted.Data, record._tokens);

        public void Z(int layer, MatrixView z, ReadOnlySpan<int> rows)
        {
        }

        public float* MlpOut(int layer, out int stride)
        {
            stride = 0;
            return null;
        }
    }
}

using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore.Decomposition;

/// <summary>Keeps the attention patterns of one image: the heads' mean of every layer, and the last layer's values.</summary>
sealed unsafe class PatternRecord : IDisposable
{
    readonly AlignedBuffer _all, _pooled;
    readonly EffectRecord _effects;
    readonly float[][] _means;
    readonly int _layers, _heads, _tokens, _headWidth, _meanLength;

    /// <param name="shape">The model's sizes.</param>
    /// <param name="tokens">Tokens of the image.</param>
    /// <param name="effects">The record of the same pass, which holds the weighted values.</param>
    public PatternRecord(TransformerShape shape, int tokens, EffectRecord effects)
    {
        _effects = effects;
        (_layers, _heads, _tokens, _headWidth) = (shape.LayerCount, shape.HeadCount, tokens, shape.HeadWidth);
        _all = new AlignedBuffer((long)_heads * tokens * tokens);
        _pooled = new AlignedBuffer((long)_heads * tokens);
        _means = new float[_layers - 1][];
        _meanLength = ArrayLength.Of("The attention of a layer", "the pictures have too many patches", tokens, tokens);
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
            float* weighted = _effects.WeightedValues(_layers - 1, 0, head) + ((patch + 1L) * _headWidth);
            float pattern = _pooled.Data[(head * _tokens) + patch + 1];
            for (int j = 0; j < _headWidth; j++)
                destination[(head * _headWidth) + j] = pattern > 0 ? weighted[j] / pattern : 0;
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        _pooled.Dispose();
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
        float[] mean = new float[_meanLength];
        for (int i = 0; i < mean.Length; i++)
        {
            double sum = 0;
            for (int head = 0; head < _heads; head++)
                sum += _all.Data[((long)head * mean.Length) + i];
            mean[i] = (float)(sum / _heads);
        }
        _means[layer] = mean;
    }

    /// <summary>The probe that fills this record and the one of the effects.</summary>
    public readonly struct Probe(PatternRecord record, EffectRecord.Probe effects) : IForwardProbe
    {
        readonly EffectRecord.Probe _effects = effects;

        public static bool AllTokens => false;

        public void Residual(int layer, MatrixView residual)
        {
            _effects.Residual(layer, residual);
            if (layer > 0 && layer < record._layers)
                record.Close(layer - 1);
        }

        public PatternSinks Patterns(int layer)
        {
            bool isLast = layer == record._layers - 1;
            return new PatternSinks(
                isLast ? record._pooled.Data : null, isLast ? null : record._all.Data, _effects.Patterns(layer).WeightedValues, record._tokens,
                record._tokens);
        }

        public void Middle(int layer, MatrixView residual)
        {
        }

        public void Z(int layer, MatrixView z, ReadOnlySpan<int> rows) => _effects.Z(layer, z, rows);

        public float* MlpOut(int layer, out int stride) => _effects.MlpOut(layer, out stride);
    }
}

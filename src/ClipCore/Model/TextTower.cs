using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Model;

/// <summary>CLIP's text transformer: token ids to text representations.</summary>
/// <param name="tokens">Token embedding. [vocabulary × width]</param>
/// <param name="positions">Position embedding. [context × width]</param>
/// <param name="contextLength">Most tokens of a text.</param>
/// <param name="endToken">The id whose first place is pooled; null: the largest id, as the first checkpoints do.</param>
/// <param name="transformer">The blocks.</param>
/// <param name="normFinal">LayerNorm after the last block.</param>
/// <param name="projection">To the space shared with images. [width × e]</param>
/// <param name="projectionBias">Its bias, zero for most checkpoints. [e, padded]</param>
/// <remarks>
/// A token sees only what comes before it, so what follows the pooled token changes nothing: texts are cut there. The result has the
/// same bits as with padding, for a fraction of the work.
/// </remarks>
sealed unsafe class TextTower(
    EmbeddingTable tokens, AlignedBuffer positions, int contextLength, int? endToken, Transformer transformer, NormParameters normFinal,
    PackedMatrix projection, AlignedBuffer projectionBias) : IDisposable
{
    public int ContextLength => contextLength;

    public int VocabularySize => tokens.Rows;

    public int EmbedWidth => projection.Columns;

    public Transformer Transformer => transformer;

    public TextWorkspace CreateWorkspace(int maxRows, int maxTexts, int teamSize) => new(
        new TransformerWorkspace(transformer.Kernels, transformer.Shape, maxRows, maxTexts, contextLength, teamSize), maxTexts, EmbedWidth);

    /// <summary>The id whose first place is pooled; null: the largest id.</summary>
    public int? EndToken => endToken;

    /// <summary>Where a text is pooled: the first end token, −1 without one; or the first largest id, where no end token is known.</summary>
    public int PooledToken(ReadOnlySpan<int> ids)
    {
        if (endToken is int end)
            return ids.IndexOf(end);
        int largest = 0;
        for (int i = 1; i < ids.Length; i++)
            if (ids[i] > ids[largest])
                largest = i;
        return largest;
    }

    /// <summary>Text representations before their normalisation, into the workspace's output. [texts × e]</summary>
    /// <param name="team">Who works.</param>
    /// <param name="work">Memory of this pass.</param>
    /// <param name="ids">The texts' ids one after the other, each cut after its pooled token.</param>
    /// <param name="lengths">Ids of each text.</param>
    /// <param name="probe">What looks on.</param>
    /// <param name="stats">Mean and 1/σ of each pooled token before the last LayerNorm, where not null. [texts]</param>
    public MatrixView Encode<TProbe>(
        ThreadTeam team, TextWorkspace work, ReadOnlySpan<int> ids, ReadOnlySpan<int> lengths, ref TProbe probe, LayerNormStats* stats)
        where TProbe : struct, IForwardProbe
    {
        Kernels kernels = transformer.Kernels;
        int texts = lengths.Length, width = transformer.Shape.Width;
        Span<int> pooled = stackalloc int[texts];
        for (int text = 0; text < texts; text++)
            pooled[text] = lengths[text] - 1;
        Sequences sequences = work.Transformer.LayOut(lengths, pooled);

        MatrixView x = work.Transformer.Residual(ids.Length);
        int row = 0;
        foreach (int length in lengths)
            for (int position = 0; position < length; position++, row++)
            {
                Span<float> token = new(x.Row(row), width);
                tokens.Copy(ids[row], token);
                float* place = positions.Data + (position * width);
                for (int j = 0; j < width; j++)
                    token[j] += place[j];
            }

        transformer.Run(team, work.Transformer, sequences, ref probe);

        MatrixView last = work.Transformer.Pooled(texts), normed = work.Transformer.PooledNormed(texts), output = work.Output(texts);
        kernels.LayerNorm(team, last, normFinal.Gain.Data, normFinal.Bias.Data, transformer.Shape.Epsilon, stats, normed);
        kernels.Gemm(team, work.Transformer.Scratch, normed, projection, projectionBias.Data, Epilogue.Bias, default, output);
        return output;
    }

    public void Dispose()
    {
        tokens.Dispose();
        positions.Dispose();
        transformer.Dispose();
        normFinal.Dispose();
        projection.Dispose();
        projectionBias.Dispose();
    }
}

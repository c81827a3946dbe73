using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Model;

/// <summary>
/// The stack of pre-norm blocks that both towers share: x += Out(Attention(LN₁ x)), x += Fc2(act(Fc1(LN₂ x))).
/// In the last layer only keys and values are computed for every token; the rest only for the token that becomes the representation.
/// </summary>
sealed unsafe class Transformer(Kernels kernels, TransformerShape shape, BlockParameters[] blocks) : IDisposable
{
    // The last layer's queries and its keys and values are products of their own.
    readonly PackedMatrix _lastQuery = blocks[^1].Qkv.Weight.Slice(0, shape.Width);
    readonly PackedMatrix _lastKeyValue = blocks[^1].Qkv.Weight.Slice(
        Step(kernels, shape) / kernels.PanelWidth, Step(kernels, shape) + shape.Width);

    public TransformerShape Shape => shape;

    public Kernels Kernels => kernels;

    public BlockParameters[] Blocks => blocks;

    /// <summary>Columns from q to k and from k to v in a row of the joint product.</summary>
    int QkvStep => Step(kernels, shape);

    /// <summary>Runs all blocks over the residual stream in <paramref name="work"/>; at the end its pooled rows hold the result.</summary>
    public void Run<TProbe>(ThreadTeam team, TransformerWorkspace work, Sequences sequences, ref TProbe probe)
        where TProbe : struct, IForwardProbe
    {
        int rows = sequences.Rows;
        MatrixView x = work.Residual(rows), pooled = work.Pooled(sequences.Count);
        probe.Residual(0, x);
        int full = TProbe.AllTokens ? shape.LayerCount : shape.LayerCount - 1;
        for (int layer = 0; layer < full; layer++)
        {
            AllTokens(team, work, sequences, layer, x, ref probe);
            probe.Residual(layer + 1, x);
        }

        for (int s = 0; s < sequences.Count; s++)
            Copy(x.Row(work.PooledRows[s]), pooled.Row(s));
        if (!TProbe.AllTokens)
        {
            PooledTokens(team, work, sequences, x, pooled, ref probe);
            probe.Residual(shape.LayerCount, pooled);
        }
    }

    void AllTokens<TProbe>(ThreadTeam team, TransformerWorkspace work, Sequences sequences, int layer, MatrixView x, ref TProbe probe)
        where TProbe : struct, IForwardProbe
    {
        BlockParameters block = blocks[layer];
        int rows = x.Rows;
        MatrixView normed = work.Normed(rows), qkv = work.Qkv(rows, 2 * QkvStep + shape.Width), z = work.Z(rows);

        kernels.LayerNorm(team, x, block.Norm1.Gain.Data, block.Norm1.Bias.Data, shape.Epsilon, null, normed);
        kernels.Gemm(team, work.Scratch, normed, block.Qkv.Weight, block.Qkv.Bias.Data, Epilogue.Bias, default, qkv);
        kernels.Attention(
            team, work.Scratch, Part(qkv, 0), Part(qkv, QkvStep), Part(qkv, 2 * QkvStep), sequences, shape.HeadCount, shape.Causal, false,
            probe.Patterns(layer), z);
        probe.Z(layer, z, work.PooledRows[..sequences.Count]);
        kernels.Gemm(team, work.Scratch, z, block.Out.Weight, block.Out.Bias.Data, Epilogue.BiasResidual, default, x);
        probe.Middle(layer, x);

        float* kept = probe.MlpOut(layer, out int keptStride);
        RowCapture capture = kept == null ? default : new RowCapture(work.CaptureMap(sequences), kept, keptStride);
        Mlp(team, work, block, x, normed, capture);
    }

    void PooledTokens<TProbe>(
        ThreadTeam team, TransformerWorkspace work, Sequences sequences, MatrixView x, MatrixView pooled, ref TProbe probe)
        where TProbe : struct, IForwardProbe
    {
        int layer = shape.LayerCount - 1;
        BlockParameters block = blocks[layer];
        MatrixView normed = work.Normed(x.Rows), query = work.PooledQuery(sequences.Count), z = work.PooledZ(sequences.Count);
        MatrixView pooledNormed = work.PooledNormed(sequences.Count), kv = work.Qkv(x.Rows, QkvStep + shape.Width);

        kernels.LayerNorm(team, x, block.Norm1.Gain.Data, block.Norm1.Bias.Data, shape.Epsilon, null, normed);
        for (int s = 0; s < sequences.Count; s++)
            Copy(normed.Row(work.PooledRows[s]), pooledNormed.Row(s));

        float* bias = block.Qkv.Bias.Data;
        kernels.Gemm(team, work.Scratch, normed, _lastKeyValue, bias + QkvStep, Epilogue.Bias, default, kv);
        kernels.Gemm(team, work.Scratch, pooledNormed, _lastQuery, bias, Epilogue.Bias, default, query);
        kernels.Attention(
            team, work.Scratch, query, Part(kv, 0), Part(kv, QkvStep), sequences, shape.HeadCount, shape.Causal, true,
            probe.Patterns(layer), z);
        probe.Z(layer, z, work.Identity[..sequences.Count]);
        kernels.Gemm(team, work.Scratch, z, block.Out.Weight, block.Out.Bias.Data, Epilogue.BiasResidual, default, pooled);
        probe.Middle(layer, pooled);

        float* kept = probe.MlpOut(layer, out int keptStride);
        RowCapture capture = kept == null ? default : new RowCapture(work.IdentityMap, kept, keptStride);
        Mlp(team, work, block, pooled, pooledNormed, capture);
    }

    void Mlp(ThreadTeam team, TransformerWorkspace work, BlockParameters block, MatrixView x, MatrixView normed, RowCapture capture)
    {
        MatrixView hidden = work.Hidden(x.Rows);
        kernels.LayerNorm(team, x, block.Norm2.Gain.Data, block.Norm2.Bias.Data, shape.Epsilon, null, normed);
        kernels.Gemm(team, work.Scratch, normed, block.Fc1.Weight, block.Fc1.Bias.Data, shape.Activation, default, hidden);
        kernels.Gemm(team, work.Scratch, hidden, block.Fc2.Weight, block.Fc2.Bias.Data, Epilogue.BiasResidual, capture, x);
    }

    static int Step(Kernels kernels, TransformerShape shape) =>
        (shape.Width + kernels.PanelWidth - 1) / kernels.PanelWidth * kernels.PanelWidth;

    MatrixView Part(MatrixView qkv, int column) => new(qkv.Data + column, qkv.Rows, shape.Width, qkv.Stride);

    void Copy(float* source, float* destination) =>
        new ReadOnlySpan<float>(source, shape.Width).CopyTo(new Span<float>(destination, shape.Width));

    public void Dispose()
    {
        foreach (BlockParameters block in blocks)
            block.Dispose();
    }
}

using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Model;

/// <summary>Every activation of one forward pass, sized once for a number of rows and sequences. One pass at a time uses it.</summary>
sealed unsafe class TransformerWorkspace : IDisposable
{
    readonly TransformerShape _shape;
    readonly AlignedBuffer _residual, _normed, _qkv, _z, _hidden, _pooled;
    readonly AlignedBuffer _indices;

    public TransformerWorkspace(Kernels kernels, TransformerShape shape, int maxRows, int maxSequences, int maxLength, int teamSize)
    {
        _shape = shape;
        MaxRows = maxRows;
        MaxSequences = maxSequences;
        Scratch = new TeamScratch(teamSize, kernels.ScratchFloats(maxLength, shape.HeadWidth));
        _residual = new AlignedBuffer((long)maxRows * Stride);
        _normed = new AlignedBuffer((long)maxRows * Stride);
        _z = new AlignedBuffer((long)maxRows * Stride);
        _qkv = new AlignedBuffer((long)maxRows * QkvStride);
        _hidden = new AlignedBuffer((long)maxRows * HiddenStride);
        _pooled = new AlignedBuffer(4L * maxSequences * Stride);
        // Starts [sequences + 1], pooled [sequences], pooled rows [sequences], identity [sequences], capture map [rows].
        _indices = new AlignedBuffer(4L * maxSequences + 1 + maxRows);
        for (int s = 0; s < maxSequences; s++)
            IdentityMap[s] = s;
    }

    public int MaxRows { get; }

    public int MaxSequences { get; }

    public TeamScratch Scratch { get; }

    public long ByteCount =>
        Scratch.ByteCount
        + (sizeof(float) * (_residual.Length + _normed.Length + _qkv.Length + _z.Length + _hidden.Length + _pooled.Length + _indices.Length));

    // Sixteen floats past the padding keep rows that are a power of two wide from falling on the same sets of a cache.
    int Stride => Kernels.Padded(_shape.Width) + 16;

    int QkvStride => (3 * Kernels.Padded(_shape.Width)) + 16;

    int HiddenStride => Kernels.Padded(_shape.MlpWidth) + 16;

    int* Starts => (int*)_indices.Data;

    int* PooledTokens => Starts + MaxSequences + 1;

    int* PooledRowsData => PooledTokens + MaxSequences;

    /// <summary>0, 1, 2 … for each sequence.</summary>
    public int* IdentityMap => PooledRowsData + MaxSequences;

    int* CaptureData => IdentityMap + MaxSequences;

    /// <summary>The row of each sequence's pooled token.</summary>
    public ReadOnlySpan<int> PooledRows => new(PooledRowsData, MaxSequences);

    public ReadOnlySpan<int> Identity => new(IdentityMap, MaxSequences);

    public MatrixView Residual(int rows) => new(_residual.Data, rows, _shape.Width, Stride);

    public MatrixView Normed(int rows) => new(_normed.Data, rows, _shape.Width, Stride);

    public MatrixView Z(int rows) => new(_z.Data, rows, _shape.Width, Stride);

    public MatrixView Qkv(int rows, int columns) => new(_qkv.Data, rows, columns, QkvStride);

    public MatrixView Hidden(int rows) => new(_hidden.Data, rows, _shape.MlpWidth, HiddenStride);

    /// <summary>The residual stream of the pooled tokens.</summary>
    public MatrixView Pooled(int sequences) => PooledPart(0, sequences);

    public MatrixView PooledNormed(int sequences) => PooledPart(1, sequences);

    public MatrixView PooledQuery(int sequences) => PooledPart(2, sequences);

    public MatrixView PooledZ(int sequences) => PooledPart(3, sequences);

    /// <summary>Lays sequences one after the other.</summary>
    /// <param name="lengths">Tokens of each sequence.</param>
    /// <param name="pooled">The pooled token of each sequence, counted from its start.</param>
    public Sequences LayOut(ReadOnlySpan<int> lengths, ReadOnlySpan<int> pooled)
    {
        int longest = 0;
        Starts[0] = 0;
        for (int s = 0; s < lengths.Length; s++)
        {
            Starts[s + 1] = Starts[s] + lengths[s];
            PooledTokens[s] = pooled[s];
            PooledRowsData[s] = Starts[s] + pooled[s];
            longest = Math.Max(longest, lengths[s]);
        }
        return new Sequences(lengths.Length, Starts, PooledTokens, longest);
    }

    /// <summary>For each row, the sequence whose pooled token it is, or −1.</summary>
    public int* CaptureMap(Sequences sequences)
    {
        new Span<int>(CaptureData, sequences.Rows).Fill(-1);
        for (int s = 0; s < sequences.Count; s++)
            CaptureData[PooledRowsData[s]] = s;
        return CaptureData;
    }

    public void Dispose()
    {
        Scratch.Dispose();
        foreach (AlignedBuffer buffer in (ReadOnlySpan<AlignedBuffer>)[_residual, _normed, _qkv, _z, _hidden, _pooled, _indices])
            buffer.Dispose();
    }

    MatrixView PooledPart(int part, int sequences) =>
        new(_pooled.Data + (long)part * MaxSequences * Stride, sequences, _shape.Width, Stride);
}

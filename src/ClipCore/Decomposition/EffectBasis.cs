using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Decomposition;

/// <summary>
/// The constants of a checkpoint that turn what a head computes into its direct effect: G = W A for every layer, with W the output
/// matrix, A = diag(γ) P, and everything projected on the directions D that the caller wants (design: section 3 of the mathematics;
/// arXiv 2310.05916, section 3).
/// </summary>
sealed unsafe class EffectBasis : IDisposable
{
    readonly AlignedBuffer _rows;

    EffectBasis(PackedMatrix residual, PackedMatrix[] layers, AlignedBuffer rows)
    {
        Residual = residual;
        Layers = layers;
        _rows = rows;
    }

    /// <summary>T: the width e of the shared space, or the number of directions.</summary>
    public int Columns => Residual.Columns;

    /// <summary>A D. [width × T]</summary>
    public PackedMatrix Residual { get; }

    /// <summary>W_l A D for each layer; head h owns the steps h·k … h·k + k of the depth. [width × T]</summary>
    public PackedMatrix[] Layers { get; }

    int Stride => Kernels.Padded(Columns);

    /// <summary>bO_l A D: what the output bias of a layer adds. [T]</summary>
    public float* OutBias(int layer) => _rows.Data + ((long)layer * Stride);

    /// <summary>1 A D: what a unit of mean takes away. [T]</summary>
    public float* Ones => _rows.Data + ((long)Layers.Length * Stride);

    /// <summary>β P D: what the bias of the last LayerNorm adds. [T]</summary>
    public float* Beta => _rows.Data + ((long)(Layers.Length + 1) * Stride);

    /// <param name="team">Who works.</param>
    /// <param name="tower">The model.</param>
    /// <param name="share">Whether A's columns are centred, so that each component is centred by its own mean.</param>
    /// <param name="directions">D as rows [T × e], or empty for the identity.</param>
    /// <param name="directionCount">T; 0 for the identity.</param>
    public static EffectBasis Create(ThreadTeam team, VisionTower tower, MeanShare share, ReadOnlySpan<float> directions, int directionCount)
    {
        Kernels kernels = tower.Transformer.Kernels;
        TransformerShape shape = tower.Transformer.Shape;
        int width = shape.Width, embed = tower.EmbedWidth, columns = directionCount == 0 ? embed : directionCount;
        int stride = Kernels.Padded(columns), leftStride = Kernels.Padded(Math.Max(width, embed)) + 16;
        using TeamScratch scratch = new(team.Size, kernels.ScratchFloats(1, shape.HeadWidth));
        using AlignedBuffer left = new((long)(width + 1) * leftStride), product = new((long)(width + 1) * stride);
        AlignedBuffer rows = new((long)(shape.LayerCount + 2) * stride);
        MatrixView projected = new(product.Data, width + 1, columns, stride), residual = new(product.Data, width, columns, stride);

        // A in rows 0 … width − 1, β P in the last row.
        float* gain = tower.NormPost.Gain.Data;
        MatrixView a = new(left.Data, width + 1, embed, leftStride);
        new Span<float>(a.Row(width), embed).Clear();
        for (int i = 0; i < width; i++)
        {
            float* row = a.Row(i);
            for (int j = 0; j < embed; j++)
                row[j] = tower.Projection[i, j];
        }
        AddBetaProjection(a, tower.NormPost.Bias.Data, width);
        for (int i = 0; i < width; i++)
        {
            float* row = a.Row(i);
            for (int j = 0; j < embed; j++)
                row[j] *= gain[i];
        }

        if (directionCount == 0)
        {
            for (int i = 0; i <= width; i++)
                a.RowSpan(i).CopyTo(new Span<float>(projected.Row(i), columns));
        }
        else
        {
            fixed (float* d = directions)
            {
                using PackedMatrix packed = Packing.PackTransposed(
                    team, [new ViewSource(new MatrixView(d, directionCount, embed))], kernels.PanelWidth, PackedFormat.Float);
                kernels.Gemm(team, scratch, a, packed, null, Epilogue.Store, default, projected);
            }
        }

        projected.RowSpan(width).CopyTo(new Span<float>(rows.Data + ((long)(shape.LayerCount + 1) * stride), columns));
        ShareMean(residual, share, rows.Data + ((long)shape.LayerCount * stride));

        PackedMatrix residualPacked = Packing.Pack(team, new ViewSource(residual), kernels.PanelWidth, PackedFormat.Float);
        PackedMatrix[] layers = new PackedMatrix[shape.LayerCount];
        MatrixView w = new(left.Data, width + 1, width, leftStride);
        for (int layer = 0; layer < layers.Length; layer++)
        {
            LinearParameters output = tower.Transformer.Blocks[layer].Out;
            Unpack(output.Weight, w);
            new ReadOnlySpan<float>(output.Bias.Data, width).CopyTo(new Span<float>(w.Row(width), width));
            kernels.Gemm(team, scratch, w, residualPacked, null, Epilogue.Store, default, projected);
            projected.RowSpan(width).CopyTo(new Span<float>(rows.Data + ((long)layer * stride), columns));
            layers[layer] = Packing.Pack(team, new ViewSource(residual), kernels.PanelWidth, PackedFormat.Float);
        }
        return new EffectBasis(residualPacked, layers, rows);
    }

    public void Dispose()
    {
        Residual.Dispose();
        foreach (PackedMatrix layer in Layers)
            layer.Dispose();
        _rows.Dispose();
    }

    /// <summary>Last row of a += Σ_i β_i P_i, in double and in order.</summary>
    static void AddBetaProjection(MatrixView a, float* beta, int width)
    {
        for (int j = 0; j < a.Columns; j++)
        {
            double sum = 0;
            for (int i = 0; i < width; i++)
                sum += (double)beta[i] * a.Row(i)[j];
            a.Row(width)[j] = (float)sum;
        }
    }

    /// <summary>The column sums of A D; for <see cref="MeanShare.Own"/> the columns are centred instead, and their sums are zero.</summary>
    static void ShareMean(MatrixView residual, MeanShare share, float* ones)
    {
        for (int j = 0; j < residual.Columns; j++)
        {
            double sum = 0;
            for (int i = 0; i < residual.Rows; i++)
                sum += residual.Row(i)[j];
            if (share == MeanShare.Even)
            {
                ones[j] = (float)sum;
                continue;
            }
            double mean = sum / residual.Rows;
            for (int i = 0; i < residual.Rows; i++)
                residual.Row(i)[j] = (float)(residual.Row(i)[j] - mean);
        }
    }

    static void Unpack(PackedMatrix packed, MatrixView destination)
    {
        for (int i = 0; i < packed.Depth; i++)
        {
            float* row = destination.Row(i);
            for (int j = 0; j < packed.Columns; j++)
                row[j] = packed[i, j];
        }
    }
}

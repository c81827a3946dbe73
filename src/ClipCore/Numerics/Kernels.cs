using System.Runtime.Intrinsics;
using ClipCore.Lanes;
using ClipCore.Threads;

namespace ClipCore.Numerics;

/// <summary>
/// The numeric operations of a forward pass, for one register width. The choice of the width is this type's choice of subclass, made
/// once when a model is loaded; each call is one whole operation over a matrix.
/// </summary>
abstract unsafe class Kernels
{
    /// <summary>The register width that these kernels use.</summary>
    public abstract Isa Isa { get; }

    /// <summary>Columns of a packed panel (NR).</summary>
    public abstract int PanelWidth { get; }

    /// <summary>Columns rounded up to whole panels of any width, so that buffers fit every width alike.</summary>
    public static int Padded(int columns) => (columns + 31) / 32 * 32;

    /// <summary>Floats of scratch memory for each thread.</summary>
    public abstract int ScratchFloats(int tokens, int headWidth);

    /// <inheritdoc cref="Gemm{TLanes, TVec}.Run"/>
    public abstract void Gemm(
        ThreadTeam team, TeamScratch scratch, MatrixView a, PackedMatrix b, float* bias, Epilogue epilogue, RowCapture capture,
        MatrixView destination);

    /// <inheritdoc cref="Attention{TLanes, TVec}.Run"/>
    public abstract void Attention(
        ThreadTeam team, TeamScratch scratch, MatrixView q, MatrixView k, MatrixView v, Sequences sequences, int headCount, bool causal,
        bool pooledOnly, PatternSinks patterns, MatrixView z);

    /// <summary>
    /// Normalises every row: destination = (x − mean) / σ · gain + bias. Where <paramref name="stats"/> is not null, each row's mean and 1/σ go there.
    /// </summary>
    public abstract void LayerNorm(
        ThreadTeam team, MatrixView x, float* gain, float* bias, float epsilon, LayerNormStats* stats, MatrixView destination);

    /// <summary>destination[r] += addend[r mod rows of addend].</summary>
    public abstract void AddRows(ThreadTeam team, MatrixView addend, MatrixView destination);

    /// <inheritdoc cref="Effects{TLanes, TVec}.Run"/>
    public abstract void Effects(ThreadTeam team, TeamScratch scratch, EffectItem[] items, int count);

    /// <summary>Length of a vector.</summary>
    public abstract float Norm(float* x, int length);

    /// <summary>Kernels of the given width.</summary>
    public static Kernels For(Isa isa) => isa switch
    {
        Isa.Vector512 => new LaneKernels<Lanes512, Vector512<float>>(isa),
        Isa.Vector256 => new LaneKernels<Lanes256, Vector256<float>>(isa),
        Isa.Vector128 => new LaneKernels<Lanes128, Vector128<float>>(isa),
        _ => new LaneKernels<Lanes1, float>(Isa.Scalar),
    };
}

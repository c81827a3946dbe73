using ClipCore.Lanes;
using ClipCore.Threads;

namespace ClipCore.Numerics;

/// <summary>The operations, compiled for one lane type.</summary>
sealed unsafe class LaneKernels<TLanes, TVec>(Isa isa) : Kernels
    where TLanes : struct, ILanes<TVec> where TVec : unmanaged
{
    public override Isa Isa => isa;

    public override int PanelWidth => GemmTile.Columns<TLanes, TVec>();

    public override int ScratchFloats(int tokens, int headWidth) =>
        Math.Max(Blocking.ScratchFloats(PanelWidth), Attention<TLanes, TVec>.ScratchFloats(tokens, headWidth));

    public override void Gemm(
        ThreadTeam team, TeamScratch scratch, MatrixView a, PackedMatrix b, float* bias, Epilogue epilogue, RowCapture capture,
        MatrixView destination)
    {
        switch (epilogue)
        {
            case Epilogue.Store:
                Gemm<TLanes, TVec>.Run<StoreEpilogue>(team, scratch, a, b, bias, capture, destination);
                break;
            case Epilogue.Bias:
                Gemm<TLanes, TVec>.Run<BiasEpilogue<Identity>>(team, scratch, a, b, bias, capture, destination);
                break;
            case Epilogue.BiasGelu:
                Gemm<TLanes, TVec>.Run<BiasEpilogue<Gelu>>(team, scratch, a, b, bias, capture, destination);
                break;
            case Epilogue.BiasQuickGelu:
                Gemm<TLanes, TVec>.Run<BiasEpilogue<QuickGelu>>(team, scratch, a, b, bias, capture, destination);
                break;
            case Epilogue.BiasGeluTanh:
                Gemm<TLanes, TVec>.Run<BiasEpilogue<GeluTanh>>(team, scratch, a, b, bias, capture, destination);
                break;
            case Epilogue.BiasResidual:
                Gemm<TLanes, TVec>.Run<ResidualEpilogue>(team, scratch, a, b, bias, capture, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(epilogue));
        }
    }

    public override void Attention(
        ThreadTeam team, TeamScratch scratch, MatrixView q, MatrixView k, MatrixView v, Sequences sequences, int headCount, bool causal,
        bool pooledOnly, PatternSinks patterns, MatrixView z) =>
        Attention<TLanes, TVec>.Run(team, scratch, q, k, v, sequences, headCount, causal, pooledOnly, patterns, z);

    public override void LayerNorm(
        ThreadTeam team, MatrixView x, float* gain, float* bias, float epsilon, LayerNormStats* stats, MatrixView destination)
    {
        NormJob job = new()
        {
            X = x,
            Gain = gain,
            Bias = bias,
            Epsilon = epsilon,
            Stats = stats,
            Destination = destination,
            Items = RowBlocks(x.Rows),
        };
        team.Run(ref job);
    }

    public override void AddRows(ThreadTeam team, MatrixView addend, MatrixView destination)
    {
        AddJob job = new() { Addend = addend, Destination = destination, Items = RowBlocks(destination.Rows) };
        team.Run(ref job);
    }

    public override void Effects(ThreadTeam team, TeamScratch scratch, EffectItem[] items, int count) =>
        Effects<TLanes, TVec>.Run(team, scratch, items, count);

    public override float Norm(float* x, int length) => RowKernels.Norm<TLanes, TVec>(x, length);

    // Sixteen rows of a thousand floats take a few microseconds: long beside taking an item, short beside a whole pass over the rows.
    const int RowsOfItem = 16;

    static WorkItems RowBlocks(int rows) => new((rows + RowsOfItem - 1) / RowsOfItem);

    struct NormJob : ITeamJob
    {
        public MatrixView X, Destination;
        public float* Gain, Bias;
        public float Epsilon;
        public LayerNormStats* Stats;
        public WorkItems Items;

        public void Run(int member)
        {
            while (Items.TryTake(out int item))
                for (int row = item * RowsOfItem; row < Math.Min((item + 1) * RowsOfItem, X.Rows); row++)
                {
                    LayerNormStats stats =
                        RowKernels.LayerNorm<TLanes, TVec>(X.Row(row), Gain, Bias, X.Columns, Epsilon, Destination.Row(row));
                    if (Stats != null)
                        Stats[row] = stats;
                }
        }
    }

    struct AddJob : ITeamJob
    {
        public MatrixView Addend, Destination;
        public WorkItems Items;

        public void Run(int member)
        {
            while (Items.TryTake(out int item))
                for (int row = item * RowsOfItem; row < Math.Min((item + 1) * RowsOfItem, Destination.Rows); row++)
                    RowKernels.Add<TLanes, TVec>(Addend.Row(row % Addend.Rows), Destination.Columns, Destination.Row(row));
        }
    }
}

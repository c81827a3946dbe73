using System.Diagnostics;
using System.Runtime.CompilerServices;
using ClipCore.Lanes;
using ClipCore.Threads;

namespace ClipCore.Numerics;

/// <summary>Matrix products with packed right sides, cut in two dimensions for the threads.</summary>
static unsafe class Gemm<TLanes, TVec>
    where TLanes : struct, ILanes<TVec> where TVec : unmanaged
{
    /// <summary>destination[rows × columns] = epilogue(a[rows × depth] · b[depth × columns], bias[columns]).</summary>
    /// <param name="team">Who works.</param>
    /// <param name="scratch">Memory of each member.</param>
    /// <param name="a">Left side.</param>
    /// <param name="b">Right side, packed.</param>
    /// <param name="bias">Padded with zeros to whole panels; may be null where the epilogue has none.</param>
    /// <param name="capture">Rows to keep a second time.</param>
    /// <param name="destination">Its stride must leave room for whole panels: columns past the end are overwritten.</param>
    public static void Run<TEpilogue>(
        ThreadTeam team, TeamScratch scratch, MatrixView a, PackedMatrix b, float* bias, RowCapture capture, MatrixView destination)
        where TEpilogue : struct, IEpilogue
    {
        Debug.Assert(a.Columns == b.Depth && a.Rows == destination.Rows && destination.Columns == b.Columns);
        Debug.Assert(destination.Stride >= b.PanelCount * b.PanelWidth);
        Debug.Assert(b.PanelWidth == GemmTile.Columns<TLanes, TVec>());
        if (a.Rows == 0)
            return;

        int tileRows = GemmTile.Rows<TLanes, TVec>(), tiles = (a.Rows + tileRows - 1) / tileRows;
        int rowTiles = (b.Format == PackedFormat.Float ? Blocking.Rows : Blocking.RowsOfHalves) / tileRows;
        int rowBlocks = (tiles + rowTiles - 1) / rowTiles;
        int panels = b.PanelCount;
        int chunk = Math.Clamp(panels * rowBlocks / (team.Size * Blocking.ItemsPerThread), 1, Blocking.ColumnPanels);
        int chunks = (panels + chunk - 1) / chunk;
        Job<TEpilogue> job = new()
        {
            Scratch = scratch,
            A = a,
            B = b,
            Bias = bias,
            Capture = capture,
            Destination = destination,
            Tiles = tiles,
            RowsOfTile = a.Rows / tiles,
            LargerTiles = a.Rows % tiles,
            RowBlocks = rowBlocks,
            Chunks = chunks,
            Items = new WorkItems(chunks * rowBlocks),
        };
        team.Run(ref job);
    }

    struct Job<TEpilogue> : ITeamJob where TEpilogue : struct, IEpilogue
    {
        public TeamScratch Scratch;
        public MatrixView A;
        public PackedMatrix B;
        public float* Bias;
        public RowCapture Capture;
        public MatrixView Destination;
        public int Tiles, RowsOfTile, LargerTiles, RowBlocks, Chunks;
        public WorkItems Items;

        public void Run(int member)
        {
            float* scratch = Scratch.Member(member);
            while (Items.TryTake(out int item))
            {
                // Row blocks change fastest: a chunk of b stays in a cache while all rows pass over it.
                int chunk = item / RowBlocks, block = item % RowBlocks;
                Block(
                    scratch,
                    (int)((long)Tiles * block / RowBlocks), (int)((long)Tiles * (block + 1) / RowBlocks),
                    (int)((long)B.PanelCount * chunk / Chunks), (int)((long)B.PanelCount * (chunk + 1) / Chunks));
            }
        }

        /// <summary>First row of a tile: rows are dealt out evenly, so that no tile is nearly empty.</summary>
        readonly int TileStart(int tile) => (tile * RowsOfTile) + Math.Min(tile, LargerTiles);

        readonly void Block(float* scratch, int firstTile, int endTile, int firstPanel, int endPanel)
        {
            int width = B.PanelWidth, depth = B.Depth, firstRow = TileStart(firstTile);
            float* converted = scratch + Blocking.RowsOfHalves * Blocking.ColumnPanels * width;

            int depthBlocks = Chains.Count(depth);
            // With one block of the depth a tile's sums are finished while they are in the first-level cache, and their place serves the next tile.
            bool keepsSums = depthBlocks > 1;
            int stride = keepsSums ? (endPanel - firstPanel) * width : width;
            for (int depthBlock = 0; depthBlock < depthBlocks; depthBlock++)
            {
                int k = Chains.Start(depth, depthBlock, depthBlocks), length = Chains.Start(depth, depthBlock + 1, depthBlocks) - k;
                for (int panel = firstPanel; panel < endPanel; panel++)
                {
                    float* b;
                    if (B.Format == PackedFormat.Float)
                        b = B.Panel(panel, k);
                    else
                        Widening.Convert<TLanes, TVec>(B.HalfPanel(panel, k), length * width, B.Format, b = converted);

                    // The next panel comes in while this one is used: each tile asks for its share of it.
                    bool isLast = panel + 1 == B.PanelCount, isFloat = B.Format == PackedFormat.Float;
                    byte* next = isLast ? (byte*)b : isFloat ? (byte*)B.Panel(panel + 1, k) : (byte*)B.HalfPanel(panel + 1, k);
                    int rowBytes = width * (isFloat ? sizeof(float) : sizeof(ushort)), tilesOfBlock = endTile - firstTile;
                    nint nextStep = isLast ? 0 : (rowBytes + tilesOfBlock - 1) / tilesOfBlock, tileStep = nextStep * length;

                    for (int tile = firstTile; tile < endTile; tile++, next += tileStep)
                    {
                        int row = TileStart(tile), rows = TileStart(tile + 1) - row;
                        float* sums = keepsSums ? scratch + ((long)(row - firstRow) * stride) + ((panel - firstPanel) * width) : scratch;
                        bool isFinal = depthBlock + 1 == depthBlocks;
                        if (isFinal)
                            for (int r = 0; r < rows; r++)
                                for (int c = 0; c < width * sizeof(float); c += Cache.Line)
                                    Cache.Prefetch((byte*)(Destination.Row(row + r) + (panel * width)) + c);
                        GemmTile.Run<TLanes, TVec>(A.Row(row) + k, A.Stride, b, rows, length, depthBlock > 0, sums, stride, next, nextStep);
                        if (isFinal)
                            Finish(sums, stride, row, rows, panel * width);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Finish(float* sums, int stride, int firstRow, int rows, int firstColumn)
        {
            float* bias = Bias + firstColumn;
            for (int r = 0; r < rows; r++, sums += stride)
            {
                float* destination = Destination.Row(firstRow + r) + firstColumn;
                int kept = Capture.Map == null ? -1 : Capture.Map[firstRow + r];
                float* keep = Capture.Data + (long)kept * Capture.Stride + firstColumn;
                for (int c = 0; c < GemmTile.Columns<TLanes, TVec>(); c += TLanes.Count)
                {
                    TVec value = TLanes.Load(sums + c);
                    if (TEpilogue.HasBias)
                        value = TLanes.Add(value, TLanes.Load(bias + c));
                    if (kept >= 0)
                        TLanes.Store(value, keep + c);
                    TVec old = TEpilogue.ReadsDestination ? TLanes.Load(destination + c) : TLanes.Zero;
                    TLanes.Store(TEpilogue.Invoke<TLanes, TVec>(value, old), destination + c);
                }
            }
        }
    }
}

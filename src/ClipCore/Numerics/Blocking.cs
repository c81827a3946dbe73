namespace ClipCore.Numerics;

/// <summary>Sizes of the blocks that a product is cut into. None but <see cref="Depth"/>, which says where sums restart, changes a bit of the result.</summary>
static class Blocking
{
    /// <summary>
    /// KC: the whole depth of ViT-B's products and a quarter of its MLP's. A panel of b, 768 × 16 floats = 48 KB, streams from the second-level
    /// cache, which delivers 32 bytes a cycle where the tile takes 64 in six; every pass over the sums that is saved is worth more. Measured (AVX2,
    /// 197 × 3072 × 768, one thread, share of peak): 256 gives 88 %, 384 gives 89 %, 512 gives 91 %, 768 gives 94 %.
    /// </summary>
    public const int Depth = 768;

    /// <summary>MC: 108 rows × 768 × 4 bytes = 332 KB of a, beside a panel of b in a second-level cache of 512 KB; whole tiles of either height.</summary>
    public const int Rows = 9 * GemmTile.MaxRows;

    /// <summary>MC where b has 16 bits: each pass of rows converts its panels anew, so the passes are longer.</summary>
    public const int RowsOfHalves = 2 * Rows;

    /// <summary>NC in panels, at the most: the sums of a block, 108 × 4 × 16 × 4 bytes = 28 KB, stay in the first two caches.</summary>
    public const int ColumnPanels = 4;

    /// <summary>Items for each thread, at the least, so that a thread that the machine delays does not hold up the others for long.</summary>
    public const int ItemsPerThread = 8;

    /// <summary>Floats of scratch memory that a product needs for each thread: its sums and one panel converted from 16 bits.</summary>
    public static int ScratchFloats(int panelWidth) => ((RowsOfHalves * ColumnPanels) + Chains.MaxLength) * panelWidth;
}

using ClipCore.Lanes;
using ClipCore.Threads;

namespace ClipCore.Numerics;

/// <summary>Many small products with the same shape of right side: the direct effects of heads, patches and layers.</summary>
static unsafe class Effects<TLanes, TVec>
    where TLanes : struct, ILanes<TVec> where TVec : unmanaged
{
    public static void Run(ThreadTeam team, TeamScratch scratch, EffectItem[] items, int count)
    {
        Job job = new() { Scratch = scratch, Stack = items, Items = new WorkItems(count) };
        team.Run(ref job);
    }

    struct Job : ITeamJob
    {
        public TeamScratch Scratch;
        public EffectItem[] Stack;
        public WorkItems Items;

        public void Run(int member)
        {
            float* sums = Scratch.Member(member);
            while (Items.TryTake(out int index))
                Product(Stack[index], sums);
        }

        static void Product(in EffectItem item, float* sums)
        {
            int width = item.B.PanelWidth, columns = item.B.Columns, chains = Chains.Count(item.Depth);
            int tileRows = GemmTile.Rows<TLanes, TVec>(), tiles = (item.Rows + tileRows - 1) / tileRows;
            for (int panel = 0; panel < item.B.PanelCount; panel++)
            {
                float* b = item.B.Panel(panel, item.FirstDepth);
                int first = panel * width, count = Math.Min(width, columns - first);
                for (int tile = 0; tile < tiles; tile++)
                {
                    int row = (int)((long)item.Rows * tile / tiles), rows = (int)((long)item.Rows * (tile + 1) / tiles) - row;
                    for (int chain = 0; chain < chains; chain++)
                    {
                        int k = Chains.Start(item.Depth, chain, chains), length = Chains.Start(item.Depth, chain + 1, chains) - k;
                        GemmTile.Run<TLanes, TVec>(
                            item.A + (row * item.AStride) + k, item.AStride, b + ((long)k * width), rows, length, chain > 0, sums, width, (byte*)b, 0);
                    }
                    for (int r = row; r < row + rows; r++)
                        Finish(
                            sums + ((r - row) * width), item.Scales[r * item.ScaleStride], item.Offsets + (r * item.OffsetStride) + first,
                            count, item.Destination + (r * item.DestinationStride) + first);
                }
            }
        }

        static void Finish(float* sums, float scale, float* offsets, int count, float* destination)
        {
            int c = 0;
            for (; c <= count - TLanes.Count; c += TLanes.Count)
                TLanes.Store(
                    TLanes.MultiplyAdd(TLanes.Load(sums + c), TLanes.Fill(scale), TLanes.Load(offsets + c)), destination + c);
            for (; c < count; c++)
                destination[c] = Lanes1.MultiplyAdd(sums[c], scale, offsets[c]);
        }
    }
}

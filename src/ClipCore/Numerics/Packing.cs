using ClipCore.Lanes;
using ClipCore.Threads;

namespace ClipCore.Numerics;

/// <summary>Packs right sides of products, panel by panel, on all threads.</summary>
static unsafe class Packing
{
    // A block of 64 steps of 16 or 32 columns is at most 8 KB: it stays in the first-level cache while rows are turned into columns.
    const int DepthBlock = 64;

    /// <summary>Packs weights [columns × depth], as linear layers store them. Several sources lie side by side, each from the start of a panel on.</summary>
    public static PackedMatrix PackTransposed(ThreadTeam team, ReadOnlySpan<IMatrixSource> sources, int panelWidth, PackedFormat format)
    {
        int depth = sources[0].Columns, panels = 0;
        foreach (IMatrixSource source in sources)
            panels += (source.Rows + panelWidth - 1) / panelWidth;
        PackedMatrix packed = new(depth, (panels - 1) * panelWidth + (sources[^1].Rows - 1) % panelWidth + 1, panelWidth, format);
        int first = 0;
        foreach (IMatrixSource source in sources)
        {
            int count = (source.Rows + panelWidth - 1) / panelWidth;
            Pack(team, source, true, packed.Slice(first, source.Rows));
            first += count;
        }
        return packed;
    }

    /// <summary>Packs a matrix [depth × columns].</summary>
    public static PackedMatrix Pack(ThreadTeam team, IMatrixSource source, int panelWidth, PackedFormat format)
    {
        PackedMatrix packed = new(source.Rows, source.Columns, panelWidth, format);
        Pack(team, source, false, packed);
        return packed;
    }

    static void Pack(ThreadTeam team, IMatrixSource source, bool transposed, PackedMatrix destination)
    {
        // Whole rows are read at once: each may be a read from a file.
        using TeamScratch scratch = new(team.Size, ((transposed ? RowStride(destination) : 0) + DepthBlock) * destination.PanelWidth);
        Job job = new()
        {
            Source = source,
            Transposed = transposed,
            Destination = destination,
            Scratch = scratch,
            Items = new WorkItems(destination.PanelCount),
        };
        team.Run(ref job);
    }

    struct Job : ITeamJob
    {
        public IMatrixSource Source;
        public bool Transposed;
        public PackedMatrix Destination;
        public TeamScratch Scratch;
        public WorkItems Items;

        public void Run(int member)
        {
            float* block = Scratch.Member(member), rows = block + DepthBlock * Destination.PanelWidth;
            while (Items.TryTake(out int panel))
            {
                int first = panel * Destination.PanelWidth, count = Math.Min(Destination.PanelWidth, Destination.Columns - first);
                if (Transposed)
                    for (int c = 0; c < count; c++)
                        Source.Copy(first + c, 0, new Span<float>(rows + (long)c * RowStride(Destination), Destination.Depth));
                for (int k = 0; k < Destination.Depth; k += DepthBlock)
                    Block(panel, count, k, Math.Min(DepthBlock, Destination.Depth - k), rows, block);
            }
        }

        readonly void Block(int panel, int count, int k, int depth, float* rows, float* block)
        {
            int width = Destination.PanelWidth;
            bool direct = Destination.Format == PackedFormat.Float;
            float* target = direct ? Destination.Panel(panel, k) : block;
            if (count < width)
                new Span<float>(target, depth * width).Clear();

            if (Transposed)
                Transposition.Run(rows + k, RowStride(Destination), count, depth, 1f, target, width);
            else
                for (int d = 0; d < depth; d++)
                    Source.Copy(k + d, panel * width, new Span<float>(target + d * width, count));

            if (!direct)
                Narrow(new ReadOnlySpan<float>(block, depth * width), Destination.Format, new Span<ushort>(Destination.HalfPanel(panel, k), depth * width));
        }
    }

    /// <summary>Floats from one row to the next in scratch memory: sixteen more than a row has, so that rows do not fall on the same sets of a cache.</summary>
    static int RowStride(PackedMatrix destination) => destination.Depth + 16;

    /// <summary>Rounds to 16 bits, to nearest, ties to even.</summary>
    public static void Narrow(ReadOnlySpan<float> source, PackedFormat format, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = format == PackedFormat.Half
                ? BitConverter.HalfToUInt16Bits((Half)source[i])
                : ToBFloat16(source[i]);
    }

    static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

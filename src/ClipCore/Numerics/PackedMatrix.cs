using ClipCore.Memory;

namespace ClipCore.Numerics;

/// <summary>
/// The right side of a product, [depth × columns], laid out in panels of NR columns: for each step of the depth the NR values lie side by
/// side, and columns past the end are zero.
/// </summary>
sealed unsafe class PackedMatrix : IDisposable
{
    readonly AlignedBuffer _panels;
    readonly int _firstPanel;

    public PackedMatrix(int depth, int columns, int panelWidth, PackedFormat format = PackedFormat.Float)
    {
        Depth = depth;
        Columns = columns;
        PanelWidth = panelWidth;
        Format = format;
        long elements = (long)PanelCount * depth * panelWidth;
        _panels = new AlignedBuffer(format == PackedFormat.Float ? elements : (elements + 1) / 2);
    }

    PackedMatrix(PackedMatrix whole, int firstPanel, int columns)
    {
        (Depth, PanelWidth, Format, _panels) = (whole.Depth, whole.PanelWidth, whole.Format, whole._panels);
        _firstPanel = whole._firstPanel + firstPanel;
        Columns = columns;
    }

    /// <summary>Length of the sums (K).</summary>
    public int Depth { get; }

    /// <summary>Columns of the product (N), padding not counted.</summary>
    public int Columns { get; }

    /// <summary>Columns of a panel (NR).</summary>
    public int PanelWidth { get; }

    public PackedFormat Format { get; }

    public int PanelCount => (Columns + PanelWidth - 1) / PanelWidth;

    /// <summary>Bytes of native memory.</summary>
    public long ByteCount => _panels.Length * sizeof(float);

    /// <summary>The start of a panel, at a step of its depth (formats of 32 bits only).</summary>
    public float* Panel(int panel, int depth) => _panels.Data + ((long)(_firstPanel + panel) * Depth + depth) * PanelWidth;

    /// <summary>The start of a panel, at a step of its depth (formats of 16 bits only).</summary>
    public ushort* HalfPanel(int panel, int depth) => (ushort*)_panels.Data + ((long)(_firstPanel + panel) * Depth + depth) * PanelWidth;

    /// <summary>Some columns, from the start of a panel on; they share this matrix's memory and live as long as it does.</summary>
    public PackedMatrix Slice(int firstPanel, int columns) => new(this, firstPanel, columns);

    /// <summary>The value at a step of the depth and a column.</summary>
    public float this[int depth, int column]
    {
        get
        {
            int panel = column / PanelWidth, lane = column % PanelWidth;
            return Format switch
            {
                PackedFormat.Half => (float)BitConverter.UInt16BitsToHalf(HalfPanel(panel, depth)[lane]),
                PackedFormat.BFloat16 => BitConverter.UInt32BitsToSingle((uint)HalfPanel(panel, depth)[lane] << 16),
                _ => Panel(panel, depth)[lane],
            };
        }
    }

    public void Dispose() => _panels.Dispose();
}

using ClipCore.Memory;
using ClipCore.Numerics;

namespace ClipCore.Decomposition;

/// <summary>A list of products and their offsets, kept from one decomposition to the next.</summary>
sealed unsafe class EffectItemList : IDisposable
{
    AlignedBuffer? _offsets;

    public EffectItem[] Items { get; private set; } = [];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Add(in EffectItem item)
    {
        if (Count == Items.Length)
        {
            EffectItem[] items = Items;
            Array.Resize(ref items, Math.Max(64, 2 * Count));
            Items = items;
        }
        Items[Count++] = item;
    }

    /// <summary>Room for so many floats.</summary>
    public float* Offsets(long length)
    {
        if (_offsets == null || _offsets.Length < length)
        {
            _offsets?.Dispose();
            _offsets = new AlignedBuffer(length);
        }
        return _offsets.Data;
    }

    public void Dispose() => _offsets?.Dispose();
}

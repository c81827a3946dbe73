using System.Runtime.InteropServices;

namespace ClipCore.Memory;

/// <summary>Bytes in native memory, aligned to a cache line, not cleared: for more of them than an array can hold.</summary>
/// <param name="length">How many.</param>
sealed unsafe class NativeBytes(long length) : IDisposable
{
    const int Alignment = 64;

    byte* _data = (byte*)NativeMemory.AlignedAlloc((nuint)length, Alignment);

    /// <summary>Number of bytes.</summary>
    public long Length => length;

    /// <summary>A part of the bytes. Valid until <see cref="Dispose"/>.</summary>
    public Span<byte> Span(long offset, long count)
    {
        ObjectDisposedException.ThrowIf(_data == null, this);
        if (offset < 0 || count < 0 || offset > length - count)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"Bytes {offset} to {offset + count} do not lie within {length}.");
        return new Span<byte>(_data + offset, checked((int)count));
    }

    /// <summary>All bytes, to read; valid until <see cref="Dispose"/>.</summary>
    public UnmanagedMemoryStream Open()
    {
        ObjectDisposedException.ThrowIf(_data == null, this);
        return new UnmanagedMemoryStream(_data, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ClipCore.Memory;

/// <summary>Floats in native memory, aligned to a cache line, zeroed when made.</summary>
sealed unsafe class AlignedBuffer : IDisposable
{
    const int Alignment = 64;
    float* _data;

    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = (nuint)Math.Max(length * sizeof(float), Alignment);
        _data = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_data, bytes);
    }

    ~AlignedBuffer() => Free();

    /// <summary>Number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float. Valid until <see cref="Dispose"/>.</summary>
    public float* Data
    {
        get
        {
            if (_data == null)
                ThrowDisposed();
            return _data;
        }
    }

    /// <summary>The whole buffer as a span; for buffers of at most 2³¹−1 floats.</summary>
    public Span<float> Span => new(Data, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        float* data = _data;
        _data = null;
        if (data != null)
            NativeMemory.AlignedFree(data);
    }

    [DoesNotReturn]
    static void ThrowDisposed() => throw new ObjectDisposedException(nameof(AlignedBuffer));
}

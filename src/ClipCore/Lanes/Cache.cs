using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ClipCore.Lanes;

/// <summary>Hints to the caches; they change no result.</summary>
static unsafe class Cache
{
    /// <summary>Bytes of a cache line.</summary>
    public const int Line = 64;

    /// <summary>Asks for the line at an address, which need not be valid memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}

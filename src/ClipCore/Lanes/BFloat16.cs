using System.Runtime.Intrinsics;

namespace ClipCore.Lanes;

/// <summary>Numbers that are the upper 16 bits of a float.</summary>
static unsafe class BFloat16
{
    /// <summary>Exact conversion to floats.</summary>
    public static void Widen(ushort* source, int count, float* destination)
    {
        int i = 0;
        for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load(source + i));
            (low << 16).AsSingle().Store(destination + i);
            (high << 16).AsSingle().Store(destination + i + Vector256<float>.Count);
        }
        for (; i < count; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }
}

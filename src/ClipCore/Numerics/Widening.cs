using System.Numerics.Tensors;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>Exact conversion of 16-bit numbers to floats.</summary>
static unsafe class Widening
{
    public static void Convert<TLanes, TVec>(ushort* source, int count, PackedFormat format, float* destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        if (format == PackedFormat.Half)
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(source, count), new Span<float>(destination, count));
        else
            BFloat16.Widen(source, count, destination);
    }
}

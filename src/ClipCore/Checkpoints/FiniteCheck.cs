using System.Runtime.InteropServices;
using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>Looks for NaN and infinity among stored weights, as fast as they can be read.</summary>
static class FiniteCheck
{
    const int Piece = 1 << 18;

    /// <summary>The first element that is NaN or infinite as a float; null when there is none.</summary>
    /// <param name="tensor">F16, BF16, F32 or F64; of the last, what overflows when rounded to float counts as infinite.</param>
    public static long? FirstNotFinite(TensorView tensor)
    {
        byte[] buffer = new byte[Math.Min(Piece, (tensor.ByteLength + 7) / 8 * 8)];
        int size = tensor.ElementType.Bits() / 8;
        for (long at = 0; at < tensor.ByteLength; at += buffer.Length)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.ByteLength - at));
            tensor.Read(at, piece);
            // Whole words are looked at, so the rest of the last piece must hold nothing.
            buffer.AsSpan(piece.Length).Clear();
            if (MayBeNotFinite(tensor.ElementType, MemoryMarshal.Cast<byte, ulong>(buffer.AsSpan()))
                && IndexOfNotFinite(tensor.ElementType, piece) is >= 0 and int index)
                return (at / size) + index;
        }
        return null;
    }

    /// <summary>
    /// Whether the exponent of any number has all bits set. Several numbers lie in one word: the sum of the exponent and its lowest bit
    /// carries into the place of the sign, and no further. F64 is rare: its numbers are always looked at one by one.
    /// </summary>
    static bool MayBeNotFinite(DType type, ReadOnlySpan<ulong> words)
    {
        if (type == DType.F64)
            return true;
        (ulong exponent, ulong lowest, ulong carry) = type switch
        {
            DType.F16 => (0x7C00_7C00_7C00_7C00ul, 0x0400_0400_0400_0400ul, 0x8000_8000_8000_8000ul),
            DType.BF16 => (0x7F80_7F80_7F80_7F80ul, 0x0080_0080_0080_0080ul, 0x8000_8000_8000_8000ul),
            _ => (0x7F80_0000_7F80_0000ul, 0x0080_0000_0080_0000ul, 0x8000_0000_8000_0000ul),
        };
        ulong found = 0;
        foreach (ulong word in words)
            found |= (word & exponent) + lowest;
        return (found & carry) != 0;
    }

    static int IndexOfNotFinite(DType type, ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[bytes.Length * 8 / type.Bits()];
        DTypes.ToSingle(type, bytes, values);
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                return i;
        return -1;
    }
}

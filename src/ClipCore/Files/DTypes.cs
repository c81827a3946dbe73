using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ClipCore.Files;

/// <summary>Names, sizes and conversions of element types.</summary>
static class DTypes
{
    static readonly (DType Type, string Name, int Bits)[] s_table =
    [
        (DType.Bool, "BOOL", 8),
        (DType.F4, "F4", 4),
        (DType.F6E2M3, "F6_E2M3", 6),
        (DType.F6E3M2, "F6_E3M2", 6),
        (DType.U8, "U8", 8),
        (DType.I8, "I8", 8),
        (DType.F8E5M2, "F8_E5M2", 8),
        (DType.F8E4M3, "F8_E4M3", 8),
        (DType.F8E8M0, "F8_E8M0", 8),
        (DType.F8E4M3Fnuz, "F8_E4M3FNUZ", 8),
        (DType.F8E5M2Fnuz, "F8_E5M2FNUZ", 8),
        (DType.I16, "I16", 16),
        (DType.U16, "U16", 16),
        (DType.F16, "F16", 16),
        (DType.BF16, "BF16", 16),
        (DType.I32, "I32", 32),
        (DType.U32, "U32", 32),
        (DType.F32, "F32", 32),
        (DType.C64, "C64", 64),
        (DType.F64, "F64", 64),
        (DType.I64, "I64", 64),
        (DType.U64, "U64", 64),
    ];

    /// <summary>Elements converted at a time: a span can't reach past 2³¹−1 bytes, a tensor can.</summary>
    const int ChunkLength = 1 << 24;

    /// <summary>One of the conversions below.</summary>
    public delegate void Conversion<T>(DType type, ReadOnlySpan<byte> source, Span<T> destination);

    /// <summary>Names as the files write them, for messages.</summary>
    public static string AllNames => string.Join(' ', s_table.Select(row => row.Name));

    /// <summary>The name as safetensors files write it.</summary>
    public static string Name(this DType type) => s_table[(int)type].Name;

    /// <summary>Bits of one element.</summary>
    public static int Bits(this DType type) => s_table[(int)type].Bits;

    /// <summary>Whether weights may be stored so: F16, BF16, F32 and F64 turn into floats (F64 is rounded, the others are exact).</summary>
    public static bool IsFloat(this DType type) => type is DType.F16 or DType.BF16 or DType.F32 or DType.F64;

    public static bool TryParse(string name, out DType type)
    {
        foreach ((DType candidate, string known, _) in s_table)
            if (known == name)
            {
                type = candidate;
                return true;
            }
        type = default;
        return false;
    }

    /// <summary>Converts the elements that begin at byte <paramref name="offset"/>, as many as <paramref name="destination"/> holds.</summary>
    public static void Convert<T>(MappedBytes bytes, long offset, DType type, Conversion<T> conversion, Span<T> destination)
    {
        int size = type.Bits() / 8;
        while (destination.Length > 0)
        {
            int count = Math.Min(ChunkLength, destination.Length);
            conversion(type, bytes.Span(offset, count * size), destination[..count]);
            destination = destination[count..];
            offset += (long)count * size;
        }
    }

    /// <summary>Converts elements, which need not be aligned, to floats.</summary>
    /// <exception cref="NotSupportedException">The type is a complex number or a float of 8 bits or fewer.</exception>
    public static void ToSingle(DType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case DType.F32: source.CopyTo(MemoryMarshal.AsBytes(destination)); break;
            case DType.F16: TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination); break;
            case DType.BF16: WidenBFloat16(MemoryMarshal.Cast<byte, ushort>(source), destination); break;
            case DType.F64: ConvertEach<double, float>(source, destination); break;
            case DType.U8 or DType.Bool: ConvertEach<byte, float>(source, destination); break;
            case DType.I8: ConvertEach<sbyte, float>(source, destination); break;
            case DType.U16: ConvertEach<ushort, float>(source, destination); break;
            case DType.I16: ConvertEach<short, float>(source, destination); break;
            case DType.U32: ConvertEach<uint, float>(source, destination); break;
            case DType.I32: ConvertEach<int, float>(source, destination); break;
            case DType.U64: ConvertEach<ulong, float>(source, destination); break;
            case DType.I64: ConvertEach<long, float>(source, destination); break;
            default: throw new NotSupportedException($"Elements of type {type.Name()} can't be converted to floats; store them as F32, F16 or BF16.");
        }
    }

    /// <summary>Converts integers, which need not be aligned.</summary>
    /// <exception cref="NotSupportedException">The type is no integer.</exception>
    /// <exception cref="InvalidDataException">An unsigned 64-bit value is above 2⁶³−1.</exception>
    public static void ToInt64(DType type, ReadOnlySpan<byte> source, Span<long> destination)
    {
        switch (type)
        {
            case DType.I64: source.CopyTo(MemoryMarshal.AsBytes(destination)); break;
            case DType.U64: NarrowUnsigned(MemoryMarshal.Cast<byte, ulong>(source), destination); break;
            case DType.I32: ConvertEach<int, long>(source, destination); break;
            case DType.U32: ConvertEach<uint, long>(source, destination); break;
            case DType.I16: ConvertEach<short, long>(source, destination); break;
            case DType.U16: ConvertEach<ushort, long>(source, destination); break;
            case DType.I8: ConvertEach<sbyte, long>(source, destination); break;
            case DType.U8 or DType.Bool: ConvertEach<byte, long>(source, destination); break;
            default: throw new NotSupportedException($"Elements of type {type.Name()} are no integers.");
        }
    }

    /// <summary>Copies elements as they are; <typeparamref name="T"/> must be the .NET form of the stored type.</summary>
    public static void ToSame<T>(DType type, ReadOnlySpan<byte> source, Span<T> destination) where T : unmanaged =>
        source.CopyTo(MemoryMarshal.AsBytes(destination));

    /// <summary>Rounds floats to F32, F16 or BF16 (to nearest, ties to even).</summary>
    /// <exception cref="NotSupportedException">The type is another one.</exception>
    public static void FromSingle(DType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        switch (type)
        {
            case DType.F32: MemoryMarshal.AsBytes(source).CopyTo(destination); break;
            case DType.F16: TensorPrimitives.ConvertToHalf(source, MemoryMarshal.Cast<byte, Half>(destination)); break;
            case DType.BF16: NarrowBFloat16(source, MemoryMarshal.Cast<byte, ushort>(destination)); break;
            default: throw new NotSupportedException($"Floats can be written as F32, F16 or BF16, not as {type.Name()}.");
        }
    }

    static void ConvertEach<TFrom, TTo>(ReadOnlySpan<byte> source, Span<TTo> destination)
        where TFrom : unmanaged, INumberBase<TFrom> where TTo : unmanaged, INumberBase<TTo>
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(source);
        for (int i = 0; i < values.Length; i++)
            destination[i] = TTo.CreateChecked(values[i]);
    }

    static void NarrowUnsigned(ReadOnlySpan<ulong> source, Span<long> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = source[i] <= long.MaxValue ? (long)source[i]
                : throw new InvalidDataException($"holds the whole number {source[i]}, above 2^63-1, the largest that is read.");
    }

    static void WidenBFloat16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    static void NarrowBFloat16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(source[i]);
            // The carry of the rounding could turn a NaN into an infinity; a NaN is made quiet instead.
            destination[i] = float.IsNaN(source[i]) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.Tests.Safetensors;

public class SafetensorsFileTests
{
    [Test]
    public void Open_AllowedOddities_AreRead()
    {
        using (SafetensorsFile empty = SafetensorsFile.Open(SafetensorsFaultTests.Bytes("{}", 0), "empty"))
            Assert.That(empty.Tensors, Is.Empty);
        using (SafetensorsFile metadata = SafetensorsFile.Open(SafetensorsFaultTests.Bytes("""{"__metadata__":{"format":"pt"}}  """, 0), "metadata"))
            Assert.That(metadata.Metadata["format"], Is.EqualTo("pt"));
        using SafetensorsFile odd = SafetensorsFile.Open(SafetensorsFaultTests.Bytes(
            "\t\n" + """
            {"s":{"shape":[],"dtype":"I8","data_offsets":[0,1]},
            "z":{"dtype":"F32","shape":[3,0],"data_offsets":[1,1]},"f":{"dtype":"F4","shape":[4],"data_offsets":[1,3]}}
            """ + "\r \t\n", 3), "odd");
        Assert.Multiple(() =>
        {
            Assert.That(odd.Notes, Has.Count.EqualTo(1));
            Assert.That(odd["s"].ElementCount, Is.EqualTo(1));
            Assert.That(odd["z"].ElementCount, Is.EqualTo(0));
            Assert.That(odd["z"].ToSingles(), Is.Empty);
            Assert.That(odd["f"].ByteLength, Is.EqualTo(2));
            Assert.That(() => odd["f"].ToSingles(), Throws.InstanceOf<NotSupportedException>());
            Assert.That(() => odd["missing"],
                Throws.TypeOf<SafetensorsException>().With.Property(nameof(SafetensorsException.Fault)).EqualTo(SafetensorsFault.TensorNotFound)
                    .With.Message.Contains("'missing'"));
        });
    }

    [Test]
    public void CopyTo_UnsignedAboveTheLargest_NamesTheTensor()
    {
        byte[] file = SafetensorsFaultTests.Bytes("""{"u":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""", 8);
        file[^1] = 0xFF;
        using SafetensorsFile safetensors = SafetensorsFile.Open(file, "unsigned");
        Assert.That(() => safetensors["u"].CopyTo(new long[1]),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("'u'").And.Message.Contains("2^63-1"));
        Assert.That(safetensors["u"].ToSingles(), Has.Length.EqualTo(1));
    }

    [Test]
    public void CopyTo_UnalignedElements_AreConvertedExactly()
    {
        // The data begin at an odd address: the header has an even length, and one byte stands before the floats.
        byte[] file = SafetensorsFaultTests.Bytes("""
            {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
            "f":{"dtype":"F32","shape":[2],"data_offsets":[1,9]},
            "d":{"dtype":"F64","shape":[1],"data_offsets":[9,17]},"l":{"dtype":"I64","shape":[1],"data_offsets":[17,25]}}
            """, 25);
        Span<byte> data = file.AsSpan(file.Length - 25);
        BinaryPrimitives.WriteSingleLittleEndian(data[1..], 1.5f);
        BinaryPrimitives.WriteSingleLittleEndian(data[5..], -0f);
        BinaryPrimitives.WriteDoubleLittleEndian(data[9..], Math.PI);
        BinaryPrimitives.WriteInt64LittleEndian(data[17..], long.MinValue);
        using SafetensorsFile safetensors = SafetensorsFile.Open(file, "unaligned");
        long[] integers = new long[1];
        safetensors["l"].CopyTo(integers);
        Assert.Multiple(() =>
        {
            Assert.That(safetensors["f"].ToSingles().Select(BitConverter.SingleToInt32Bits),
                Is.EqualTo((int[])[BitConverter.SingleToInt32Bits(1.5f), int.MinValue]));
            Assert.That(safetensors["d"].ToSingles(), Is.EqualTo((float[])[(float)Math.PI]));
            Assert.That(integers, Is.EqualTo((long[])[long.MinValue]));
            Assert.That(() => safetensors["f"].CopyTo(integers.AsSpan()), Throws.ArgumentException);
            Assert.That(() => safetensors["d"].CopyTo(integers.AsSpan()), Throws.InstanceOf<NotSupportedException>());
        });
    }

    [Test]
    public void CopyTo_EveryHalfAndBFloat16_IsExact()
    {
        ushort[] codes = [.. Enumerable.Range(0, 1 << 16).Select(code => (ushort)code)];
        float[] values = new float[codes.Length];
        DTypes.ToSingle(DType.F16, MemoryMarshal.AsBytes<ushort>(codes), values);
        for (int i = 0; i < codes.Length; i++)
            Assert.That(values[i], Is.EqualTo((float)BitConverter.UInt16BitsToHalf(codes[i])));
        DTypes.ToSingle(DType.BF16, MemoryMarshal.AsBytes<ushort>(codes), values);
        ushort[] back = new ushort[codes.Length];
        DTypes.FromSingle(DType.BF16, values, MemoryMarshal.AsBytes(back.AsSpan()));
        for (int i = 0; i < codes.Length; i++)
        {
            Assert.That(BitConverter.SingleToUInt32Bits(values[i]) >> 16, Is.EqualTo(codes[i]));
            if (!float.IsNaN(values[i]))
                Assert.That(back[i], Is.EqualTo(codes[i]));
        }
    }

    [TestCase(0x3F808000u, 0x3F80, Description = "half way, to even below")]
    [TestCase(0x3F818000u, 0x3F82, Description = "half way, to even above")]
    [TestCase(0x3F808001u, 0x3F81)]
    [TestCase(0x7F7FFFFFu, 0x7F80, Description = "largest single rounds to infinity")]
    [TestCase(0x7F800001u, 0x7FC0, Description = "a NaN stays one")]
    public void FromSingle_BFloat16_RoundsToNearestEven(uint bits, int expected)
    {
        ushort[] code = new ushort[1];
        DTypes.FromSingle(DType.BF16, [BitConverter.UInt32BitsToSingle(bits)], MemoryMarshal.AsBytes(code.AsSpan()));
        Assert.That(code[0], Is.EqualTo(expected));
    }

    [Test]
    public void ToSingle_Integers_AreRead()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Read(DType.I8, [0xFF]), Is.EqualTo(-1));
            Assert.That(Read(DType.U8, [0xFF]), Is.EqualTo(255));
            Assert.That(Read(DType.Bool, [1]), Is.EqualTo(1));
            Assert.That(Read(DType.I16, [0xFE, 0xFF]), Is.EqualTo(-2));
            Assert.That(Read(DType.U16, [0xFE, 0xFF]), Is.EqualTo(65534));
            Assert.That(Read(DType.I32, [1, 0, 0, 0x80]), Is.EqualTo(int.MinValue + 1));
            Assert.That(Read(DType.U32, [1, 0, 0, 0x80]), Is.EqualTo(2147483649));
            Assert.That(Read(DType.I64, [255, 255, 255, 255, 255, 255, 255, 255]), Is.EqualTo(-1));
            Assert.That(() => Read(DType.U64, [255, 255, 255, 255, 255, 255, 255, 255]), Throws.InstanceOf<InvalidDataException>());
        });

        static long Read(DType type, byte[] bytes)
        {
            long[] value = new long[1];
            DTypes.ToInt64(type, bytes, value);
            return value[0];
        }
    }

    [Test]
    public void Rows_OfAView_ShareItsBytes()
    {
        using SafetensorsFile file = SafetensorsFile.Open(
            SafetensorsFaultTests.Bytes("""{"m":{"dtype":"U8","shape":[3,4],"data_offsets":[0,12]}}""", 12), "rows");
        TensorView rows = file["m"].Rows(1, 2);
        Assert.Multiple(() =>
        {
            Assert.That(rows.Shape.ToArray(), Is.EqualTo((long[])[2, 4]));
            Assert.That(rows.Bytes.ToArray(), Is.EqualTo((byte[])[4, 5, 6, 7, 8, 9, 10, 11]));
            Assert.That(rows.Rows(1, 1).Bytes[0], Is.EqualTo(8));
            Assert.That(file["m"].Rows(3, 0).ElementCount, Is.EqualTo(0));
            Assert.That(file["m"].Reshape(2, 6).Rows(1, 1).Bytes[0], Is.EqualTo(6));
            Assert.That(() => file["m"].Reshape(5, 2), Throws.ArgumentException.With.Message.Contains("[3, 4]"));
            Assert.That(() => file["m"].Reshape(-3, -4), Throws.ArgumentException);
            foreach ((long start, long count) in ((long, long)[])[(-1, 1), (0, 4), (3, 1), (0, -1), (long.MaxValue, 1)])
                Assert.That(() => file["m"].Rows(start, count), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void Views_AfterDispose_Throw()
    {
        SafetensorsFile file = SafetensorsFile.Open(TestData.Golden("models/tiny-quickgelu/open_clip_model.safetensors"));
        TensorView view = file["logit_scale"];
        Assert.That(view.ToSingles()[0], Is.GreaterThan(0));
        file.Dispose();
        file.Dispose();
        Assert.That(() => view.Bytes.Length, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => view.Address, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public unsafe void Open_UnmanagedStream_ReadsInPlace()
    {
        byte[] bytes = SafetensorsFaultTests.Bytes("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4);
        fixed (byte* start = bytes)
        {
            using SafetensorsFile file = SafetensorsFile.Open(new UnmanagedMemoryStream(start, bytes.Length), "resource");
            Assert.That(file["a"].Address, Is.EqualTo((nint)start + bytes.Length - 4));
            Assert.That(file["a"].Bytes.ToArray(), Is.EqualTo((byte[])[0, 1, 2, 3]));
        }
    }
}

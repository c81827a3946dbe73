using System.Text;
using ClipCore.Files;
using ClipCore.Npy;

namespace ClipCore.Tests.Npy;

public class NpyTests
{
    [Test]
    public void ReadSingle_GoldenArray_HasItsShape()
    {
        NpyArray<float> pixels = NpyFile.ReadSingle(TestData.Golden("models/tiny-gelu/golden/pixels.npy"));
        Assert.That(pixels.Shape, Is.EqualTo((int[])[4, 3, 32, 32]));
        byte[] tail = File.ReadAllBytes(TestData.Golden("models/tiny-gelu/golden/pixels.npy"))[^(4 * pixels.Data.Length)..];
        Assert.That(System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.Data.AsSpan()).SequenceEqual(tail), Is.True);
        NpyArray<long> ids = NpyFile.ReadInt64(TestData.Golden("models/tiny-gelu/golden/text_ids.npy"));
        Assert.That(ids.Shape, Is.EqualTo((int[])[10, 77]));
        Assert.That(ids.Data[0], Is.EqualTo(49406));
    }

    [Test]
    public void Open_EveryGoldenArray_IsReadable()
    {
        int count = 0;
        foreach (string path in Directory.EnumerateFiles(TestData.Golden(""), "*.npy", SearchOption.AllDirectories))
        {
            using NpyFile file = NpyFile.Open(path);
            Assert.That(file.RowCount * file.RowLength * file.ElementType.Bits() / 8, Is.LessThan(new FileInfo(path).Length), path);
            count++;
        }
        Assert.That(count, Is.GreaterThan(50));
    }

    [Test]
    public void Write_GoldenArray_GivesTheSameBytes()
    {
        // NumPy pads its header as this writer does, room to grow included.
        using TemporaryFolder folder = new();
        string golden = TestData.Golden("models/tiny-gelu/golden/logits.npy");
        NpyArray<float> array = NpyFile.Read<float>(golden);
        NpyFile.Write<float>(folder.File("logits.npy"), array.Data, array.Shape);
        Assert.That(File.ReadAllBytes(folder.File("logits.npy")), Is.EqualTo(File.ReadAllBytes(golden)));
    }

    [Test]
    public void Write_EveryType_ComesBack()
    {
        using TemporaryFolder folder = new();
        RoundTrip<float>([1.5f, -0f, float.NaN], 3);
        RoundTrip<Half>([(Half)1.5, Half.Epsilon], 1, 2);
        RoundTrip<double>([Math.PI, -1], 2, 1);
        RoundTrip<int>([int.MinValue, 7], 2);
        RoundTrip<long>([long.MinValue, 7], 2);
        RoundTrip<byte>([0, 255], 2);
        RoundTrip<sbyte>([-128, 127], 2);
        RoundTrip<bool>([true, false], 2);
        RoundTrip<float>([3f]);
        RoundTrip<float>([], 0, 5);
        Assert.Multiple(() =>
        {
            Assert.That(() => NpyFile.Write<float>(folder.File("b.npy"), [1f, 2f], 3), Throws.ArgumentException.With.Message.Contains("(3,)"));
            Assert.That(() => NpyFile.Write<float>(folder.File("b.npy"), [1f, 2f], -1, -2), Throws.ArgumentException);
            Assert.That(() => NpyFile.Write<decimal>(folder.File("b.npy"), [1m], 1), Throws.InstanceOf<NotSupportedException>());
            Assert.That(() => NpyFile.Read<int>(folder.File("a.npy")), Throws.InstanceOf<NpyException>().With.Message.Contains("F32"));
            Assert.That(() => NpyFile.ReadInt64(folder.File("a.npy")), Throws.InstanceOf<NpyException>());
        });

        void RoundTrip<T>(T[] data, params int[] shape) where T : unmanaged
        {
            NpyFile.Write<T>(folder.File("a.npy"), data, shape);
            NpyArray<T> back = NpyFile.Read<T>(folder.File("a.npy"));
            Assert.That(back.Shape, Is.EqualTo(shape));
            Assert.That(back.Data, Is.EqualTo(data));
            Assert.That(new FileInfo(folder.File("a.npy")).Length % 64, Is.EqualTo(System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * data.Length % 64));
        }
    }

    [Test]
    public void ReadRows_AnyRange_IsConverted()
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<Half>(folder.File("a.npy"), [(Half)0, (Half)1, (Half)2, (Half)3, (Half)4, (Half)5], 3, 2);
        using NpyFile file = NpyFile.Open(folder.File("a.npy"));
        float[] rows = new float[4];
        file.ReadRows(1, rows);
        Assert.Multiple(() =>
        {
            Assert.That(rows, Is.EqualTo((float[])[2, 3, 4, 5]));
            Assert.That(() => file.ReadRows(2, rows), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("3 rows"));
            Assert.That(() => file.ReadRows(-1, rows), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => file.ReadRows(0, new float[3]), Throws.ArgumentException);
        });
    }

    [Test]
    public void Writer_GrowingArray_IsWhatWriteMakes()
    {
        using TemporaryFolder folder = new();
        float[] data = [.. Enumerable.Range(0, 1200).Select(i => (float)i)];
        using (NpyWriter<float> writer = new(folder.File("grown.npy"), 3, 4))
        {
            for (int at = 0; at < data.Length; at += 100)
                writer.Write(data.AsSpan(at, 100));
            Assert.That(writer.RowCount, Is.EqualTo(100));
            Assert.That(File.Exists(folder.File("grown.npy")), Is.False);
            writer.Complete();
        }
        NpyFile.Write<float>(folder.File("whole.npy"), data, 100, 3, 4);
        Assert.That(File.ReadAllBytes(folder.File("grown.npy")), Is.EqualTo(File.ReadAllBytes(folder.File("whole.npy"))));
    }

    [Test]
    public void Writer_NotCompleted_LeavesNothing()
    {
        using TemporaryFolder folder = new();
        using (NpyWriter<float> writer = new(folder.File("a.npy"), 2))
        {
            writer.Write([1f, 2f, 3f]);
            Assert.That(writer.Complete, Throws.InvalidOperationException);
        }
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
        Assert.That(() => new NpyWriter<float>(folder.File("a.npy"), 0), Throws.ArgumentException);
    }

    [TestCase("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "big-endian")]
    [TestCase("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "Fortran")]
    [TestCase("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "Python objects")]
    [TestCase("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8'")]
    [TestCase("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "records")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "cut off")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}", "unknown key 'x'")]
    [TestCase("{'descr': '<f4', 'descr': '<f4', 'shape': (1,), }", "twice")]
    [TestCase("{'descr': '<f4', 'shape': (1,), }", "'fortran_order' is missing")]
    [TestCase("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", "True nor False")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1), }", "tuple")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': [1], }", "'('")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "whole numbers")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,), }", "whole numbers")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "more elements")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1), }", "32 dimensions")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "after the dictionary")]
    [TestCase("{'descr: 1", "closing quote")]
    [TestCase("", "'{'")]
    public void Open_BadHeader_SaysWhatIsWrong(string header, string mentioned)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("bad.npy", Bytes(header, 4));
        Assert.That(() => NpyFile.Open(path), Throws.InstanceOf<NpyException>().With.Message.StartsWith(path).And.Message.Contains(mentioned));
    }

    [Test]
    public void Open_BadPrefix_SaysWhatIsWrong()
    {
        using TemporaryFolder folder = new();
        byte[] good = Bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4);
        for (int length = 0; length < good.Length; length++)
            Assert.That(() => NpyFile.Open(folder.Write("cut.npy", good[..length])), Throws.InstanceOf<NpyException>(), $"{length} bytes");
        Assert.That(() => NpyFile.Open(folder.Write("long.npy", [.. good, 0])), Throws.InstanceOf<NpyException>().With.Message.Contains("follows"));
        good[6] = 3;
        Assert.That(() => NpyFile.Open(folder.Write("v3.npy", good)), Throws.InstanceOf<NpyException>().With.Message.Contains("3.0"));
    }

    [Test]
    public void Open_Version2AndOtherSpellings_AreRead()
    {
        using TemporaryFolder folder = new();
        byte[] header = Encoding.ASCII.GetBytes("{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"<u1\"}");
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, .. BitConverter.GetBytes(header.Length), .. header, 7, 8];
        Assert.That(NpyFile.ReadInt64(folder.Write("v2.npy", file)).Data, Is.EqualTo((long[])[7, 8]));
    }

    [Test]
    public void ReadInt64_UnsignedAboveTheLargest_SaysSo()
    {
        using TemporaryFolder folder = new();
        byte[] good = Bytes("{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }", 8), bad = [.. good];
        good[^1] = 0x7F;
        bad[^1] = 0x80;
        Assert.That(NpyFile.ReadInt64(folder.Write("good.npy", good)).Data, Is.EqualTo((long[])[0x7F00_0000_0000_0000]));
        Assert.That(() => NpyFile.ReadInt64(folder.Write("bad.npy", bad)),
            Throws.InstanceOf<NpyException>().With.Message.Contains("bad.npy").And.Message.Contains("9223372036854775808"));
    }

    [Test]
    public void Open_MutatedFiles_ThrowNothingElse()
    {
        using TemporaryFolder folder = new();
        Random random = new(12);
        byte[] good = Bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] file = [.. good];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                NpyHeader.Parse("mutated", file, file.Length);
            }
            catch (NpyException)
            {
            }
        }
    }

    static byte[] Bytes(string header, int dataLength) =>
        [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[dataLength]];
}

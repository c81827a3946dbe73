using System.Buffers.Binary;
using System.Text;
using ClipCore.Safetensors;

namespace ClipCore.Tests.Safetensors;

/// <summary>Every rule of the format, broken by literal bytes; the samples of the reference project's attacks are among them.</summary>
public class SafetensorsFaultTests
{
    const string One = """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""";

    static IEnumerable<TestCaseData> Faults()
    {
        yield return Raw(SafetensorsFault.FileTooShort, [], "0 bytes");
        yield return Raw(SafetensorsFault.FileTooShort, [1, 0, 0, 0, 0, 0, 0], "7 bytes");
        yield return Raw(SafetensorsFault.HeaderTooLarge, [.. Prefix(100_000_001), (byte)'{', (byte)'}'], "100000001");
        yield return Raw(SafetensorsFault.HeaderTooLarge,
            [.. Prefix(ulong.MaxValue), (byte)'{', (byte)'}'], "18446744073709551615").SetArgDisplayNames("u64::MAX header");
        yield return Raw(SafetensorsFault.LfsPointer, [.. "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8], "git lfs pull");
        yield return Raw(SafetensorsFault.HeaderPastEnd, [.. Prefix(1000), .. "{}"u8], "1000").SetArgDisplayNames("attempt_1: header length lies");
        yield return Raw(SafetensorsFault.HeaderPastEnd, Prefix(1), "1 bytes");
        yield return Case(SafetensorsFault.HeaderByteOrderMark, "\uFEFF{}", 0, "byte order mark");
        yield return Raw(SafetensorsFault.HeaderEncoding, [.. Prefix(3), (byte)'{', 0xFF, (byte)'}'], "byte 1");
        yield return Case(SafetensorsFault.HeaderSyntax, "", 0, "JSON");
        yield return Case(SafetensorsFault.HeaderSyntax, "{", 0, "JSON");
        yield return Case(SafetensorsFault.HeaderSyntax, "not json", 0, "JSON");
        yield return Case(SafetensorsFault.HeaderSyntax, "{} {}", 0, "JSON");
        yield return Case(SafetensorsFault.HeaderSyntax, "{}\0", 0, "JSON");
        yield return Case(SafetensorsFault.HeaderSyntax, """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},}""", 4, "JSON");
        yield return Case(SafetensorsFault.HeaderSyntax, /* leading zero */ """{"a":{"dtype":"U8","shape":[04],"data_offsets":[0,4]}}""", 4, "JSON");
        yield return Case(SafetensorsFault.HeaderNotObject, "[]", 0, "a list");
        yield return Case(SafetensorsFault.HeaderNotObject, "1", 0, "a number");
        yield return Case(SafetensorsFault.LoneSurrogate, """{"\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "ud800");
        yield return Case(SafetensorsFault.DuplicateKey,
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "'a'");
        yield return Case(SafetensorsFault.DuplicateKey,
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"\u0061":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8, "'a'");
        yield return Case(SafetensorsFault.DuplicateKey, """{"a":{"dtype":"U8","shape":[4],"shape":[4],"data_offsets":[0,4]}}""", 4, "'shape'");
        yield return Case(SafetensorsFault.DuplicateKey, """{"__metadata__":{"k":"1","\u006b":"2"}}""", 0, "'k'");
        yield return Case(SafetensorsFault.DuplicateKey, """{"__metadata__":{},"__metadata__":{}}""", 0, "'__metadata__'");
        yield return Case(SafetensorsFault.Metadata, """{"__metadata__":["a"]}""", 0, "__metadata__");
        yield return Case(SafetensorsFault.Metadata, """{"__metadata__":{"k":1}}""", 0, "'k'");
        yield return Case(SafetensorsFault.Metadata,
            """{"__metadata__":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "'shape'").SetArgDisplayNames("metadata as a tensor");
        yield return Case(SafetensorsFault.TensorNotObject, """{"a":[0,4]}""", 4, "'a'");
        yield return Case(SafetensorsFault.MissingTensorField, """{"a":{"shape":[4],"data_offsets":[0,4]}}""", 4, "'dtype'");
        yield return Case(SafetensorsFault.MissingTensorField, """{"a":{"dtype":"U8","data_offsets":[0,4]}}""", 4, "'shape'");
        yield return Case(SafetensorsFault.MissingTensorField, """{"a":{"dtype":"U8","shape":[4]}}""", 4, "'data_offsets'");
        yield return Case(SafetensorsFault.UnknownTensorField, """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":1}}""", 4, "'x'");
        yield return Case(SafetensorsFault.UnknownDType, """{"a":{"dtype":"u8","shape":[4],"data_offsets":[0,4]}}""", 4, "'u8'");
        yield return Case(SafetensorsFault.UnknownDType, """{"a":{"dtype":8,"shape":[4],"data_offsets":[0,4]}}""", 4, "a number");
        yield return Case(SafetensorsFault.InvalidShape, """{"a":{"dtype":"U8","shape":4,"data_offsets":[0,4]}}""", 4, "a number");
        foreach (string number in (string[])["-4", "4.0", "4e0", "null", "\"4\"", "[4]", "18446744073709551616"])
            yield return Case(SafetensorsFault.InvalidShape, $$$"""{"a":{"dtype":"U8","shape":[{{{number}}}],"data_offsets":[0,4]}}""", 4, "'a'");
        yield return Case(SafetensorsFault.InvalidShape,
            $$$"""{"a":{"dtype":"U8","shape":[{{{string.Join(',', Enumerable.Repeat(1, 33))}}}],"data_offsets":[0,1]}}""", 1, "32");
        yield return Case(SafetensorsFault.ShapeOverflow,
            """{"a":{"dtype":"U8","shape":[2,18446744073709551614],"data_offsets":[0,4]}}""", 4, "18446744073709551614");
        yield return Case(SafetensorsFault.ShapeOverflow,
            """{"a":{"dtype":"I32","shape":[2,9223372036854775807],"data_offsets":[0,4]}}""", 4, "9223372036854775807");
        yield return Case(SafetensorsFault.PartialByte, """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, "3 elements");
        yield return Case(SafetensorsFault.PartialByte, """{"a":{"dtype":"F6_E2M3","shape":[2],"data_offsets":[0,2]}}""", 2, "F6_E2M3");
        yield return Case(SafetensorsFault.InvalidOffsets, """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}}""", 4, "1 numbers");
        yield return Case(SafetensorsFault.InvalidOffsets, """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,8]}}""", 4, "3 numbers");
        yield return Case(SafetensorsFault.InvalidOffsets,
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}""", 4, "-4").SetArgDisplayNames("negative offset");
        yield return Case(SafetensorsFault.InvalidOffsets, """{"a":{"dtype":"U8","shape":[4],"data_offsets":{"begin":0}}}""", 4, "an object");
        yield return Case(SafetensorsFault.InvertedOffsets, """{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""", 4, "[4, 0]");
        yield return Case(SafetensorsFault.OffsetsPastEnd, """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", 4, "[0, 8]");
        yield return Case(SafetensorsFault.SizeMismatch,
            """{"a":{"dtype":"I32","shape":[2,2],"data_offsets":[0,4]}}""", 4, "16 bytes").SetArgDisplayNames("I32 [2,2] in 4 bytes");
        yield return Case(SafetensorsFault.SizeMismatch, """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,4]}}""", 4, "needs 0");
        yield return Case(SafetensorsFault.Overlap,
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "'a'")
            .SetArgDisplayNames("alias");
        yield return Case(SafetensorsFault.Overlap,
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", 6, "offset 2")
            .SetArgDisplayNames("overlap");
        yield return Case(SafetensorsFault.Overlap,
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}""", 4, "'b'")
            .SetArgDisplayNames("empty inside another");
        yield return Case(SafetensorsFault.Hole,
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[1,5]}}""", 5, "from 0").SetArgDisplayNames("hole at the start");
        yield return Case(SafetensorsFault.Hole,
            """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}}""", 9, "from 4")
            .SetArgDisplayNames("hole");
        yield return Case(SafetensorsFault.TrailingData, One, 5, "offset 4").SetArgDisplayNames("polyglot: a byte too many");
        yield return Case(SafetensorsFault.TrailingData,
            """{"__metadata__":{"framework":"pt"}}""", 3, "3 bytes").SetArgDisplayNames("metadata only, with data");
        yield return Case(SafetensorsFault.Overlap,
            Repeat(100_000, _ => "[0,4]"), 4, "begins at offset 0").SetArgDisplayNames("attempt_3: many tensors on the same bytes");
        yield return Case(SafetensorsFault.TooManyTensors,
            Repeat(100_001, _ => "[0,4]"), 4, "100000").SetArgDisplayNames("attempt_2: more tensors than are read");
    }

    [TestCaseSource(nameof(Faults))]
    public void Open_BrokenRule_ThrowsItsFault(byte[] file, SafetensorsFault expected, string mentioned)
    {
        SafetensorsException? fault = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(file, "file.safetensors"));
        Assert.Multiple(() =>
        {
            Assert.That(fault!.Fault, Is.EqualTo(expected));
            Assert.That(fault.File, Is.EqualTo("file.safetensors"));
            Assert.That(fault.Message, Does.StartWith("file.safetensors: ").And.Contain(mentioned));
            if (fault.Message.StartsWith("file.safetensors: tensor '", StringComparison.Ordinal))
                Assert.That(fault.Message, Does.StartWith($"file.safetensors: tensor '{fault.Tensor}' "));
        });
    }

    [Test]
    public void Faults_CoverEveryFaultOfAFile()
    {
        IEnumerable<SafetensorsFault> tested = Faults().Select(fault => (SafetensorsFault)fault.Arguments[1]!);
        Assert.That(Enum.GetValues<SafetensorsFault>().Except(tested), Is.EquivalentTo((SafetensorsFault[])[
            SafetensorsFault.TensorNotFound, SafetensorsFault.ShardIndex, SafetensorsFault.ShardPath, SafetensorsFault.ShardNotFound,
            SafetensorsFault.TensorNotInShard]));
    }

    [Test]
    public void Open_FileCutAnywhere_ThrowsSafetensorsException()
    {
        byte[] whole = Bytes(One, 4);
        for (int length = 0; length < whole.Length; length++)
            Assert.That(() => SafetensorsFile.Open(whole.AsMemory(0, length), "cut"), Throws.InstanceOf<SafetensorsException>(), $"{length} bytes");
    }

    [Test]
    public void Open_MutatedHeaders_ThrowNothingElse()
    {
        byte[] whole = Bytes(
            """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b\u0062":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}""",
            9);
        ReadOnlySpan<byte> alphabet = "\"{}[]:,0123456789-+.eE\\u dabnull\0\x7F\u00FF\t\n"u8;
        Random random = new(20310);
        int opened = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] file = [.. whole];
            for (int changes = random.Next(1, 5); changes > 0; changes--)
                file[random.Next(random.Next(4) == 0 ? 8 : file.Length)] =
                    random.Next(3) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            try
            {
                using SafetensorsFile safetensors = SafetensorsFile.Open(file, "mutated");
                foreach (TensorView tensor in safetensors.Tensors.Values)
                    Assert.That(tensor.Bytes.Length, Is.EqualTo(tensor.ByteLength));
                opened++;
            }
            catch (SafetensorsException)
            {
            }
        }
        Assert.That(opened, Is.InRange(100, 15_000), "some mutations are harmless, most are not");
    }

    [Test]
    public void Open_RandomBytes_ThrowNothingElse()
    {
        Random random = new(4711);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] file = new byte[random.Next(200)];
            random.NextBytes(file);
            if (file.Length >= 8 && round % 2 == 0)
                BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)random.Next(file.Length));
            Assert.That(() => SafetensorsFile.Open(file, "random"), Throws.InstanceOf<SafetensorsException>());
        }
    }

    [Test]
    public void Open_MissingFile_SaysSo() =>
        Assert.That(() => SafetensorsFile.Open("no-such.safetensors"), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("no-such.safetensors"));

    [Test]
    public void Open_EmptyFileOnDisk_IsTooShort()
    {
        using TemporaryFolder folder = new();
        Assert.That(() => SafetensorsFile.Open(folder.Write("empty.safetensors", Array.Empty<byte>())),
                Throws.TypeOf<SafetensorsException>().With.Property(nameof(SafetensorsException.Fault)).EqualTo(SafetensorsFault.FileTooShort));
    }

    /// <summary>A file with a header and this many bytes of data.</summary>
    internal static byte[] Bytes(string header, int dataLength)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. Prefix((ulong)text.Length), .. text, .. Enumerable.Range(0, dataLength).Select(i => (byte)i)];
    }

    static byte[] Prefix(ulong length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    static string Repeat(int count, Func<int, string> offsets)
    {
        StringBuilder header = new("{");
        for (int i = 0; i < count; i++)
            header.Append(i == 0 ? "" : ",").Append($$"""
                "t{{i}}":{"dtype":"U8","shape":[4],"data_offsets":{{offsets(i)}}}
                """);
        return header.Append('}').ToString();
    }

    static TestCaseData Case(SafetensorsFault fault, string header, int dataLength, string mentioned) => Raw(fault, Bytes(header, dataLength), mentioned)
        .SetArgDisplayNames(header.Length > 120 ? mentioned : header.Replace('\0', ' '), fault.ToString());

    static TestCaseData Raw(SafetensorsFault fault, byte[] file, string mentioned) =>
        new TestCaseData(file, fault, mentioned).SetArgDisplayNames(mentioned, fault.ToString());
}

using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.Tests.Safetensors;

public class SafetensorsWriterTests
{
    [Test]
    public void Save_RandomTensors_ComeBack()
    {
        using TemporaryFolder folder = new();
        Random random = new(99);
        for (int round = 0; round < 50; round++)
        {
            SafetensorsWriter writer = new();
            Dictionary<string, (long[] Shape, float[] Values, DType Type)> expected = [];
            for (int i = random.Next(8); i > 0; i--)
            {
                long[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(6))];
                float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.Next(-1000, 1000) / 8f)];
                DType type = ((DType[])[DType.F32, DType.F16, DType.F32])[random.Next(3)];
                string name = $"t{i}.\"é\\{random.Next(1000)}";
                expected[name] = (shape, values, type);
                writer.Add(name, shape, values, type);
            }
            writer.Metadata["round"] = $"{round}";
            string path = folder.File("random.safetensors");
            writer.Save(path);
            using SafetensorsFile file = SafetensorsFile.Open(path);
            Assert.That(file.Metadata["round"], Is.EqualTo($"{round}"));
            Assert.That(file.Tensors.Keys, Is.EquivalentTo(expected.Keys));
            foreach ((string name, (long[] shape, float[] values, DType type)) in expected)
            {
                Assert.That(file[name].Shape.ToArray(), Is.EqualTo(shape));
                Assert.That(file[name].ElementType, Is.EqualTo(type));
                Assert.That(file[name].ToSingles(), Is.EqualTo(values));
                Assert.That(file[name].Offset % (type.Bits() / 8), Is.EqualTo(0), "aligned");
            }
        }
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1), "no temporary file stays");
    }

    [Test]
    public void Save_CopyOfAFile_HasEqualTensors()
    {
        using TemporaryFolder folder = new();
        using SafetensorsFile source = SafetensorsFile.Open(TestData.Golden("models/tiny-quickgelu-hf/model.safetensors"));
        SafetensorsWriter writer = new();
        foreach ((string name, TensorView tensor) in source.Tensors)
            writer.Add(name, tensor);
        writer.Metadata["format"] = "pt";
        writer.Save(folder.File("copy.safetensors"));
        // Sorted and padded as the reference writer does it, so the whole file is the same.
        Assert.That(File.ReadAllBytes(folder.File("copy.safetensors")).AsSpan().SequenceEqual(File.ReadAllBytes(source.Name)), Is.True);
    }

    [Test]
    public void Save_Callback_MustWriteItsBytes()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter writer = new();
        writer.Add("n", [2], new long[] { 1, -1 });
        writer.Add("c", DType.U8, [3], stream => stream.Write("ab"u8));
        Assert.That(() => writer.Save(folder.File("x.safetensors")), Throws.InvalidOperationException.With.Message.Contains("'c'"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void Save_FloatTooLargeForHalf_IsRefused()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter writer = new();
        writer.Add("h", [2], new float[] { float.PositiveInfinity, 65520f }, DType.F16);
        Assert.That(() => writer.Save(folder.File("x.safetensors")), Throws.InvalidOperationException.With.Message.Contains("65520"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void Save_FolderMissing_SaysSo()
    {
        using TemporaryFolder folder = new();
        Assert.That(() => new SafetensorsWriter().Save(folder.File("none/x.safetensors")),
            Throws.InstanceOf<DirectoryNotFoundException>().With.Message.Contains("none"));
        Assert.That(() => new SafetensorsWriter().Save(folder.Path), Throws.InstanceOf<IOException>().With.Message.Contains("folder"));
    }

    [Test]
    public void Add_BadArguments_AreRefused()
    {
        SafetensorsWriter writer = new();
        writer.Add("a", [2], new float[2]);
        Assert.Multiple(() =>
        {
            Assert.That(() => writer.Add("a", [2], new float[2]), Throws.ArgumentException.With.Message.Contains("'a'"));
            Assert.That(() => writer.Add("__metadata__", [2], new float[2]), Throws.ArgumentException);
            Assert.That(() => writer.Add("b", [3], new float[2]), Throws.ArgumentException.With.Message.Contains("[3]"));
            Assert.That(() => writer.Add("b", [-2, -1], new float[2]), Throws.ArgumentException);
            Assert.That(() => writer.Add("b", DType.F4, [3], _ => { }), Throws.ArgumentException);
            Assert.That(() => writer.Add("b", [2], new float[2], DType.I8), Throws.InstanceOf<NotSupportedException>());
        });
    }

    [Test]
    public void Sharded_GoodIndex_FindsAllTensors()
    {
        using TemporaryFolder folder = new();
        WriteShards(folder);
        using ShardedSafetensors sharded = ShardedSafetensors.Open(folder.Write("model.safetensors.index.json",
            """{"metadata":{"total_size":8},"weight_map":{"b":"part-2.safetensors","a":"part-1.safetensors"}}"""));
        Assert.That(sharded.Tensors["a"].ToSingles(), Is.EqualTo((float[])[1]));
        Assert.That(sharded.Tensors["b"].ToSingles(), Is.EqualTo((float[])[2]));
    }

    [Test]
    public void Sharded_IndexWithByteOrderMark_IsRead()
    {
        using TemporaryFolder folder = new();
        WriteShards(folder);
        using ShardedSafetensors sharded = ShardedSafetensors.Open(
            folder.Write("model.safetensors.index.json", "\uFEFF{\"weight_map\":{\"a\":\"part-1.safetensors\"}}"));
        Assert.That(sharded.Tensors.Keys, Is.EqualTo((string[])["a"]));
    }

    [TestCase("""{"weight_map":{"a":"../part-1.safetensors"}}""", SafetensorsFault.ShardPath)]
    [TestCase("""{"weight_map":{"a":"sub/part-1.safetensors"}}""", SafetensorsFault.ShardPath)]
    [TestCase("""{"weight_map":{"a":"sub\\part-1.safetensors"}}""", SafetensorsFault.ShardPath)]
    [TestCase("""{"weight_map":{"a":"/tmp/part-1.safetensors"}}""", SafetensorsFault.ShardPath)]
    [TestCase("""{"weight_map":{"a":"C:part-1.safetensors"}}""", SafetensorsFault.ShardPath)]
    [TestCase("""{"weight_map":{"a":"..safetensors"}}""", SafetensorsFault.ShardPath)]
    [TestCase("""{"weight_map":{"a":"weights.bin"}}""", SafetensorsFault.ShardPath)]
    [TestCase("""{"weight_map":{"a":""}}""", SafetensorsFault.ShardPath)]
    [TestCase("""{"weight_map":{"a":"part-3.safetensors"}}""", SafetensorsFault.ShardNotFound)]
    [TestCase("""{"weight_map":{"a":"part-2.safetensors"}}""", SafetensorsFault.TensorNotInShard)]
    [TestCase("""{"weight_map":{"a":1}}""", SafetensorsFault.ShardIndex)]
    [TestCase("""{"weight_map":{}}""", SafetensorsFault.ShardIndex)]
    [TestCase("""{"weight_map":[]}""", SafetensorsFault.ShardIndex)]
    [TestCase("""{"weight_map":{"a":"part-1.safetensors","\u0061":"part-2.safetensors"}}""", SafetensorsFault.ShardIndex)]
    [TestCase("""{"weight_map":{"\ud800":"part-1.safetensors"}}""", SafetensorsFault.ShardIndex)]
    [TestCase("""{"weight_map":{"a":"\ud800.safetensors"}}""", SafetensorsFault.ShardIndex)]
    [TestCase("[]", SafetensorsFault.ShardIndex)]
    [TestCase("{", SafetensorsFault.ShardIndex)]
    public void Sharded_BadIndex_ThrowsItsFault(string index, SafetensorsFault expected)
    {
        using TemporaryFolder folder = new();
        WriteShards(folder);
        string path = folder.Write("model.safetensors.index.json", index);
        Assert.That(() => ShardedSafetensors.Open(path), Throws.TypeOf<SafetensorsException>()
            .With.Property(nameof(SafetensorsException.Fault)).EqualTo(expected).And.Message.StartsWith(path));
    }

    static void WriteShards(TemporaryFolder folder)
    {
        SafetensorsWriter first = new(), second = new();
        first.Add("a", [1], new float[] { 1 });
        second.Add("b", [1], new float[] { 2 });
        first.Save(folder.File("part-1.safetensors"));
        second.Save(folder.File("part-2.safetensors"));
    }
}

using System.Text;
using System.Text.Json.Nodes;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Npy;

namespace ClipCore.Tests.EffectSets;

/// <summary>What stores give back: the effects of the pictures to the bit, statistics, the paper's arrays; and that damaged ones are named.</summary>
sealed class StoreReadTests
{
    const int Heads = 6 * 4 * 128, Mlps = 7 * 128, Classes = 6 * 128;

    static StoreFixture s_fixture = null!;

    static string Store(string name) => s_fixture.Path(name);

    [OneTimeSetUp]
    public void Make() => s_fixture = new StoreFixture();

    [OneTimeTearDown]
    public void Clean() => s_fixture.Dispose();

    static (float[] Heads, float[] Mlps, float[] Classes) Read(EffectSet set, int image, bool classes = true)
    {
        (float[] heads, float[] mlps, float[] shares) = (new float[Heads], new float[Mlps], new float[classes ? Classes : 0]);
        set.Read(image, heads, mlps, shares);
        return (heads, mlps, shares);
    }

    [Test]
    public void Effects_AreTheSameBits_FromStore_Memory_TemporaryStore_AndPictures()
    {
        using EffectStore store = EffectStore.Open(s_fixture.Whole);
        ImageEntry[] entries = [.. s_fixture.Images.Entries];
        entries[9] = new ImageEntry(ImageSource.OfBytes("broken", "no picture"u8.ToArray()));
        ImageSet images = new("birds", entries);
        string[] before = Directory.GetDirectories(Path.GetTempPath(), "clipcore-*");
        using EffectSet memory = EffectStore.Compute(s_fixture.Model, images, out IReadOnlyList<SkippedImage> skipped, StoreFixture.Options);
        using EffectSet temporary = EffectStore.Compute(s_fixture.Model, images, 0, out IReadOnlyList<SkippedImage> alsoSkipped, StoreFixture.Options, null,
            default);
        using ImageEffects pictures = ImageEffects.OfReadable(s_fixture.Model, images, out IReadOnlyList<SkippedImage> unreadable);
        Assert.That(skipped.Single().Index, Is.EqualTo(9));
        Assert.That(alsoSkipped, Is.EqualTo(skipped));
        Assert.That(unreadable, Is.EqualTo(skipped));
        Assert.That(memory, Is.TypeOf<EffectArrays>());
        Assert.That(temporary, Is.TypeOf<EffectStore>());
        foreach (EffectSet set in (EffectSet[])[memory, temporary, pictures])
        {
            Assert.That(set.ImageCount, Is.EqualTo(199));
            foreach (int image in (int[])[0, 1, 2, 3, 7, 8, 9, 10, 63, 64, 65, 198, 5])
            {
                int place = image < 9 ? image : image + 1;
                Assert.That(Read(set, image), Is.EqualTo(Read(store, place)), $"{set.GetType().Name}, image {image}");
                Assert.That((set.Names![image], set.Labels![image], set.Splits![image]),
                    Is.EqualTo((store.Names![place], store.Labels![place], store.Splits![place])));
            }
        }
        Assert.That(memory.ClassNames, Is.EqualTo(StoreFixture.Classes.Names));
        IEnumerable<string> made = Directory.GetDirectories(Path.GetTempPath(), "clipcore-*").Except(before);
        string[] folders = [.. made.Where(folder => File.Exists(Path.Combine(folder, "store.json")))];
        temporary.Dispose();
        Assert.That(folders.Any(Directory.Exists), Is.False);
        Assert.That(folders, Is.Not.Empty);
    }

    [Test]
    public void Effects_ReadInOrder_AreThoseReadAlone()
    {
        using EffectStore inOrder = EffectStore.Open(s_fixture.Whole), alone = EffectStore.Open(s_fixture.Whole);
        for (int image = 0; image < 140; image++)
            _ = Read(inOrder, image, classes: image % 3 == 0);
        for (int image = 139; image >= 0; image -= 7)
            Assert.That(Read(alone, image), Is.EqualTo(Read(inOrder, image)), $"image {image}");
        for (int image = 0; image < 20; image++)
            Assert.That(Read(inOrder, image, classes: image % 3 == 0).Heads, Is.EqualTo(Read(alone, image).Heads), $"image {image}");
        Assert.That(() => Read(alone, 200), Throws.InstanceOf<ArgumentOutOfRangeException>());
        alone.Dispose();
        Assert.That(() => Read(alone, 0), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Statistics_AreOfCoordinates_AndOfTheSameOutputs()
    {
        using EffectStore store = EffectStore.Open(s_fixture.Whole);
        using ImageEffects pictures = new(s_fixture.Model, s_fixture.Images);
        ComponentLabel[] heads = [ComponentLabel.OfHead(5, 3), ComponentLabel.OfHead(0, 0)];
        IReadOnlyDictionary<ComponentLabel, HeadStatistics> kept = store.ReadStatistics(heads),
            opened = EffectStore.OpenStatistics(s_fixture.Whole).ReadStatistics(heads);
        EffectSubset all = new(store, [.. Enumerable.Range(0, StoreFixture.Count)]);
        IReadOnlyDictionary<ComponentLabel, HeadStatistics> gathered = all.ReadStatistics(heads);
        IReadOnlyDictionary<ComponentLabel, HeadStatistics> dense = pictures.ReadStatistics(heads);
        foreach (ComponentLabel head in heads)
        {
            Assert.That(opened[head].Statistics.Save(), Is.EqualTo(kept[head].Statistics.Save()));
            Assert.That(gathered[head].Statistics.Save(), Is.EqualTo(kept[head].Statistics.Save()));
            Assert.That(gathered[head].Basis, Is.EqualTo(kept[head].Basis));
            Assert.That(dense[head].Basis, Is.Null);
            Assert.That((kept[head].Statistics.Count, kept[head].Statistics.Width), Is.EqualTo((200L, 35)));
            double[] mean = dense[head].Statistics.Mean(), coordinates = kept[head].Statistics.Mean();
            for (int j = 0; j < 128; j++)
                Assert.That(Enumerable.Range(0, 35).Sum(i => coordinates[i] * kept[head].Basis![(i * 128) + j]), Is.EqualTo(mean[j]).Within(1e-8),
                    $"{head}, element {j}");
        }
        Assert.That(new EffectSubset(store, [3, 5]).ReadStatistics(heads)[heads[0]].Statistics.Count, Is.EqualTo(2));
    }

    [Test]
    public void StatisticsAlone_AreThoseOfTheWholeStore()
    {
        EffectStore.Run(s_fixture.Model, s_fixture.Images, Store("statistics"), StoreFixture.Options with { StatisticsOnly = true });
        Assert.That(() => EffectStore.Open(Store("statistics")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("statistics alone"));
        StoreStatistics statistics = EffectStore.OpenStatistics(Store("statistics")), whole = EffectStore.OpenStatistics(s_fixture.Whole);
        ComponentLabel head = ComponentLabel.OfHead(4, 2);
        Assert.That(statistics.ReadStatistics([head])[head].Statistics.Save(), Is.EqualTo(whole.ReadStatistics([head])[head].Statistics.Save()));
        Assert.That((statistics.IsStatisticsOnly, whole.IsStatisticsOnly, statistics.ImageCount, statistics.LayerCount, statistics.HeadCount,
            statistics.EmbedWidth),
            Is.EqualTo((true, false, 200, 6, 4, 128)));
        Assert.That(statistics.Classes!.Prompts, Is.EqualTo(StoreFixture.Classes.Prompts));
        Assert.That(Directory.GetFiles(Store("statistics"), "block-*"), Is.Empty);
    }

    [Test]
    public void Export_IsReadBack_AndACancelledOneLeavesNothing()
    {
        using EffectStore store = EffectStore.Open(s_fixture.Whole);
        LinearClassifier classifier = new([.. Enumerable.Range(0, 2 * 128).Select(i => i / 256f)], 128);
        ReferenceExport.Write(store, classifier, Store("arrays"), "birds", "demo");
        using ReferenceArrays arrays = ReferenceArrays.Open(Store("arrays"));
        Assert.That(Read(arrays, 77), Is.EqualTo(Read(store, 77)));
        Assert.That(arrays.Labels, Is.EqualTo(store.Labels));
        Assert.That(arrays.Attributes, Is.EqualTo(store.Attributes));
        Assert.That(ReferenceArrays.ReadClassifier(Store("arrays"), 128), Is.EqualTo(classifier.Rows.ToArray()));
        using CancellationTokenSource source = new();
        Assert.That(
            () => ReferenceExport.Write(store, classifier, Store("x"), progress: new StoreFixture.Told(_ => source.Cancel()), cancellation: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.Exists(Store("x")), Is.False);
        Assert.That(() => ReferenceExport.Write(store, null, Store("x"), "a/b"), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => ReferenceExport.Write(store, new LinearClassifier(new float[64], 64), Store("x")), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Labels_OfReferenceArrays_ThatAreNoIndices_AreRefused()
    {
        string folder = Directory.CreateDirectory(Store("labels")).FullName;
        NpyFile.Write<float>(Path.Combine(folder, "attn.npy"), new float[2 * 8], 2, 2, 2, 2);
        NpyFile.Write<float>(Path.Combine(folder, "mlp.npy"), new float[2 * 6], 2, 3, 2);
        NpyFile.Write<long>(Path.Combine(folder, "labels.npy"), [0, 1L << 40], 2);
        Assert.That(() => ReferenceArrays.Open(folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains("labels.npy"));
        NpyFile.Write<long>(Path.Combine(folder, "labels.npy"), [5]);
        Assert.That(() => ReferenceArrays.Open(folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains("labels.npy"));
    }

    [Test]
    public void Arrays_GivenToASet_AreCopied_AndChecked()
    {
        int[] labels = [1, 0];
        using EffectArrays set = new(new float[2 * 8], new float[2 * 6], null, 2, 2, 2) { Labels = labels };
        labels[0] = 99;
        Assert.That(set.Labels, Is.EqualTo((int[])[1, 0]));
        Assert.That(() => new EffectArrays(new float[15], new float[2 * 6], null, 2, 2, 2), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new EffectArrays(new float[16], new float[13], null, 2, 2, 2), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new EffectArrays(new float[16], new float[12], new float[7], 2, 2, 2), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void EarlierVersion_IsRefused_WithTheWayOut()
    {
        string folder = s_fixture.Copy(s_fixture.Whole, "old");
        File.WriteAllText(Path.Combine(folder, "store.json"),
            """{"version":1,"model":"demo","sha256":"00","layers":6,"names":["a.png"],"labels":[0],"attributes":[-1],"classes":[]}""");
        Action[] all = [() => EffectStore.Open(folder), () => EffectStore.OpenStatistics(folder), () => EffectStore.Merge([folder], Store("x"))];
        foreach (Action open in all)
            Assert.That(
                () => open(),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("made by an earlier version").And.Message.Contains("anew from the same images"));
    }

    [Test]
    public void ByteOrderMark_BeforeTheManifest_IsPassedOver()
    {
        string folder = s_fixture.Copy(s_fixture.Whole, "marked"), path = Path.Combine(folder, "store.json");
        File.WriteAllBytes(path, [.. System.Text.Encoding.UTF8.Preamble, .. File.ReadAllBytes(path)]);
        using EffectStore marked = EffectStore.Open(folder);
        Assert.That(marked.ImageCount, Is.EqualTo(StoreFixture.Count));
    }

    [TestCase("layers", "7")]
    [TestCase("layers", "2000000000")]
    [TestCase("heads", "0")]
    [TestCase("heads", "3")]
    [TestCase("width", "-128")]
    [TestCase("embed", "131072")]
    [TestCase("embed", "1e400")]
    [TestCase("tokens", "null")]
    [TestCase("firstLayer", "6")]
    [TestCase("firstLayer", "\"0\"")]
    [TestCase("dtype", "\"F64\"")]
    [TestCase("dtype", "16")]
    [TestCase("statisticsOnly", "1")]
    [TestCase("shard", "1")]
    [TestCase("shards", "0")]
    [TestCase("images", "1000000000")]
    [TestCase("images", "99999999999")]
    [TestCase("images", "199")]
    [TestCase("images", "1.5")]
    [TestCase("imagesSha256", "\"00\"")]
    [TestCase("classesSha256", "\"00\"")]
    [TestCase("model", "null")]
    [TestCase("version", "\"2\"")]
    public void DamagedManifest_IsOneClearError(string field, string value)
    {
        string folder = s_fixture.Copy(s_fixture.Whole, $"damaged-{field}-{Guid.NewGuid():N}"), path = Path.Combine(folder, "store.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        string text = json.ToJsonString();
        string old = $"\"{field}\":{json[field]!.ToJsonString()}";
        Assert.That(text, Does.Contain(old));
        foreach (string changed in (string[])[text.Replace(old, $"\"{field}\":{value}", StringComparison.Ordinal),
            text.Replace(old, "\"x\":0", StringComparison.Ordinal)])
        {
            File.WriteAllText(path, changed);
            Assert.That(() => EffectStore.Open(folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains(folder));
        }
    }

    [Test]
    [CancelAfter(240_000)]
    public void MutatedFiles_GiveNothingButClearErrors(CancellationToken cancellation)
    {
        const int MutationsOfAFile = 120;
        Random random = new(1);
        EffectStore.Run(s_fixture.Model, StoreFixture.Birds(70), Store("small"), StoreFixture.Options);
        string folder = s_fixture.Copy(Store("small"), "fuzzed");
        int refused = 0;
        foreach (string name in (string[])["store.json", "images.jsonl", "classes.json", "statistics.safetensors", "basis.safetensors",
            "block-000001.safetensors"])
        {
            byte[] good = File.ReadAllBytes(Path.Combine(folder, name));
            for (int i = 0; i < MutationsOfAFile; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                File.WriteAllBytes(Path.Combine(folder, name), Mutate(good, random));
                refused += Try(name);
            }
            File.WriteAllBytes(Path.Combine(folder, name), good);
        }
        Assert.That(refused, Is.GreaterThan(MutationsOfAFile * 3));
        Assert.That(Try("nothing"), Is.Zero);

        int Try(string name)
        {
            try
            {
                using EffectStore store = EffectStore.Open(folder);
                for (int image = 60; image < store.ImageCount; image++)
                    Read(store, image, store.HasClassAttention);
                _ = store.Representation(store.ImageCount - 1);
                _ = EffectStore.OpenStatistics(folder).ReadStatistics([ComponentLabel.OfHead(5, 0)]).Values.Single().Statistics.Mean();
                return 0;
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException)
            {
                Assert.That(exception.Message, Does.Not.Contain("\n").And.Not.Empty);
                return 1;
            }
            catch (Exception exception)
            {
                Assert.Fail($"{name}: {exception}");
                return 0;
            }
        }
    }

    /// <summary>One of: a byte changed near the start, a byte changed anywhere, cut off, grown, a number put in place of another.</summary>
    static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        switch (random.Next(5))
        {
            case 0:
                bytes[random.Next(Math.Min(bytes.Length, 600))] = (byte)random.Next(256);
                return bytes;
            case 1:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                return bytes[..random.Next(bytes.Length)];
            case 3:
                return [.. bytes, .. bytes[..random.Next(1, Math.Min(bytes.Length, 50))]];
            default:
                string text = Encoding.Latin1.GetString(bytes);
                int[] digits = [.. Enumerable.Range(0, Math.Min(bytes.Length, 800)).Where(i => char.IsAsciiDigit(text[i]))];
                if (digits.Length == 0)
                    goto case 2;
                int at = digits[random.Next(digits.Length)];
                string[] numbers = ["-1", "0", "9", "4294967296", "1e9", "null", "\"\"", "99999999999999999999", "0.5"];
                return Encoding.Latin1.GetBytes(string.Concat(text.AsSpan(0, at), numbers[random.Next(numbers.Length)], text.AsSpan(at + 1)));
        }
    }
}

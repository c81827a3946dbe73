using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Tests.Cli;

/// <summary>Stores: the same bits in one run, in shards, and after an interruption; what is read back; what is refused.</summary>
sealed class StoreTests
{
    static readonly TemporaryFolder s_folder = new();
    static readonly string s_birds = TestData.Demo("data/waterbirds");

    static string Store(string name) => s_folder.File(name);

    [OneTimeSetUp]
    public void Run() => CliRun.Good("run", s_birds, "--out", Store("whole"));

    [OneTimeTearDown]
    public void Clean() => s_folder.Dispose();

    [Test]
    public void Shards_Merged_AreOneRun()
    {
        foreach (string shard in (string[])["3", "1", "2"])
            CliRun.Good("run", s_birds, "--out", Store($"shard{shard}"), "--shard", $"{shard}/3");
        CliRun.Good("merge", Store("shard2"), Store("shard3"), Store("shard1"), "--out", Store("merged"));
        AssertSame(Store("merged"));
        CliRun.Bad("merge", "ablate", Store("shard1"));
        CliRun.Bad("each once", "merge", Store("shard1"), Store("shard2"), "--out", Store("part"));
        CliRun.Bad("other images", "run", TestData.Demo("data/scenes"), "--out", Store("shard1"), "--shard", "1/3");
    }

    [Test]
    public void InterruptedRun_GoesOn_ToTheSameBits()
    {
        // As a kill between a block and its statistics leaves it: blocks beyond the statistics, temporary files.
        CliRun.Good("run", s_birds, "--out", Store("cut"), "--shard", "1/1");
        StoreManifest manifest = StoreManifest.Read(Store("cut"));
        StoreFiles files = new(Store("cut"), manifest);
        SpanStatistics[] none = [.. Enumerable.Range(0, 24).Select(_ => new SpanStatistics(35))];
        files.WriteStatistics(none, new StoreProgress(0, [], []));
        File.WriteAllText(Path.Combine(Store("cut"), "block-000003.safetensors"), "half written");
        File.Delete(Path.Combine(Store("cut"), "block-000005.safetensors"));
        CliRun.Bad("not complete", "ablate", Store("cut"));
        CliRun.Good("run", s_birds, "--out", Store("cut"));
        AssertSame(Store("cut"));
    }

    [Test]
    public void Experiments_OnTheStore_AreThoseOnThePictures()
    {
        using JsonDocument json = JsonDocument.Parse(CliRun.Good("spurious", Store("whole"), "--heads", "L4.H3", "--random-draws", "0", "--json", "-").Output);
        Assert.That(json.RootElement.GetProperty("baseline").GetProperty("worst").GetDouble(), Is.EqualTo(55.0));
        Assert.That(json.RootElement.GetProperty("replaced").GetProperty("worst").GetDouble(), Is.EqualTo(75.0));
    }

    [Test]
    public void Effects_ReadBack_AreTheDecompositions_AndExportIsTheReferencesLayout()
    {
        using ClipModel model = ClipModel.Load(TestData.Demo());
        using EffectStore store = EffectStore.Open(Store("whole"));
        CliRun.Good("export", Store("whole"), "--reference", Store("reference"), "--dataset", "birds", "--model-name", "demo", "--class", "a land bird",
            "--class", "a water bird");
        using ReferenceArrays arrays = ReferenceArrays.Open(Store("reference"));
        Assert.That(File.Exists(Path.Combine(Store("reference"), "birds_attn_demo.npy")));
        Assert.That((arrays.ImageCount, arrays.Attributes!.Length, arrays.Labels!.Sum()), Is.EqualTo((400, 400, store.Labels!.Sum())));
        float[] heads = new float[6 * 4 * 128], mlps = new float[7 * 128], classToken = new float[6 * 128], exported = new float[heads.Length];
        foreach (int image in (int[])[0, 63, 64, 399])
        {
            float[] pixels = model.Preprocessor.Load(store.Names![image]);
            DirectEffects expected = model.Decompose(pixels), patches = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Patch });
            store.Read(image, heads, mlps, classToken);
            AssertClose(heads, expected.AttentionValues);
            AssertClose(mlps, expected.MlpValues);
            AssertClose(store.Representation(image), expected.RepresentationValues);
            float[] sums = new float[6 * 128];
            for (int layer = 0; layer < 6; layer++)
                for (int head = 0; head < 4; head++)
                    for (int j = 0; j < 128; j++)
                        sums[(layer * 128) + j] += patches.Patch(layer, head, 0)[j];
            AssertClose(classToken, sums);
            arrays.Read(image, exported, mlps, []);
            Assert.That(exported, Is.EqualTo(heads));
        }
    }

    [Test]
    public void Statistics_GiveTheTextsOfTheDenseOutputs()
    {
        CliRun.Good("run", s_birds, "--out", Store("statistics"), "--statistics-only");
        Assert.That(Directory.GetFiles(Store("statistics"), "block-*"), Is.Empty);
        Assert.That(File.ReadAllBytes(Path.Combine(Store("statistics"), "statistics.safetensors")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(Store("whole"), "statistics.safetensors"))));
        using JsonDocument fromStore =
            JsonDocument.Parse(CliRun.Good("textspan", Store("statistics"), "--count", "5", "--rank", "32", "--last-layers", "2", "--json", "-").Output);
        using JsonDocument dense = JsonDocument.Parse(
            CliRun.Good("textspan", "--data", s_birds, "--count", "5", "--rank", "32", "--random-draws", "0", "--accuracy-at", "1", "--json", "-").Output);
        foreach (JsonProperty head in fromStore.RootElement.GetProperty("heads").EnumerateObject())
            Assert.That(
                head.Value.GetProperty("indices").EnumerateArray().Select(index => index.GetInt32()),
                Is.EqualTo(dense.RootElement.GetProperty("heads").GetProperty(head.Name).GetProperty("indices").EnumerateArray()
                    .Select(index => index.GetInt32())), head.Name);
        CliRun.Bad("statistics alone", "ablate", Store("statistics"));
    }

    [Test]
    public void UnreadablePictures_AreListedAndSkipped_OrFatal()
    {
        Directory.CreateDirectory(Store("pictures"));
        foreach (string name in (string[])["0000.png", "0001.png"])
            File.Copy(Path.Combine(s_birds, name), Path.Combine(Store("pictures"), name));
        File.WriteAllText(Path.Combine(Store("pictures"), "0000b.png"), "no picture");
        Assert.That(CliRun.Good("run", Store("pictures"), "--out", Store("skipping")).Output, Does.Contain("skipped: ").And.Contain("0000b.png"));
        using (EffectStore store = EffectStore.Open(Store("skipping")))
            Assert.That(store.Names!.Select(Path.GetFileName), Is.EqualTo((string[])["0000.png", "0001.png"]));
        CliRun.Bad("0000b.png", "run", Store("pictures"), "--out", Store("strict"), "--strict");
    }

    [Test]
    public void HalfPrecision_IsClose()
    {
        CliRun.Good("run", s_birds, "--out", Store("half"), "--dtype", "f16");
        using EffectStore half = EffectStore.Open(Store("half")), whole = EffectStore.Open(Store("whole"));
        float[] a = new float[6 * 4 * 128], b = new float[6 * 4 * 128], mlps = new float[7 * 128];
        half.Read(7, a, mlps, []);
        whole.Read(7, b, mlps, []);
        for (int i = 0; i < a.Length; i++)
            Assert.That(a[i], Is.EqualTo(b[i]).Within(1e-3f));
        Assert.That(new FileInfo(Path.Combine(Store("half"), "block-000000.safetensors")).Length, Is.LessThan(400_000));
    }

    [Test]
    public void LastLayersAlone_KeepSumsAndTheirHeads()
    {
        CliRun.Good("run", s_birds, "--out", Store("late"), "--layers", "2");
        using EffectStore late = EffectStore.Open(Store("late")), whole = EffectStore.Open(Store("whole"));
        float[] a = new float[6 * 4 * 128], b = new float[6 * 4 * 128], mlps = new float[7 * 128];
        late.Read(100, a, mlps, []);
        whole.Read(100, b, mlps, []);
        Assert.That(a[(4 * 4 * 128)..], Is.EqualTo(b[(4 * 4 * 128)..]));
        for (int layer = 0; layer < 4; layer++)
            for (int j = 0; j < 128; j++)
                Assert.That(Sum(a, layer, j), Is.EqualTo(Sum(b, layer, j)).Within(1e-6));
        CliRun.Good("textspan", Store("late"), "--count", "2", "--last-layers", "6");
        CliRun.Bad("--layers", "run", s_birds, "--out", Store("x"), "--layers", "7");

        static double Sum(float[] heads, int layer, int j) => Enumerable.Range(0, 4).Sum(head => (double)heads[(((layer * 4) + head) * 128) + j]);
    }

    [Test]
    public void TextSpan_OnTheStore_GivesTheAccuraciesOfThePictures()
    {
        double[][] Accuracies(params string[] source)
        {
            using JsonDocument json = JsonDocument.Parse(CliRun.Good(["textspan", .. source, "--rank", "32", "--count", "3", "--accuracy-at", "1,3",
                "--last-layers", "2", "--random-draws", "1", "--json", "-"]).Output);
            return [.. json.RootElement.GetProperty("accuracies").EnumerateArray().Select(row => (double[])[
                row.GetProperty("accuracy").GetDouble(), row.GetProperty("commonWords").GetDouble(), row.GetProperty("random")[0].GetDouble()])];
        }
        double[][] stored = Accuracies(Store("whole")), pictures = Accuracies("--data", s_birds);
        Assert.That(stored, Has.Length.EqualTo(2));
        Assert.That(stored, Is.EqualTo(pictures));
    }

    [Test]
    public void BadStores_AreNamed()
    {
        CliRun.Bad("is no store", "ablate", s_birds);
        CliRun.Bad("does not exist", "run", Store("nowhere"), "--out", Store("x"));
        CliRun.Bad("--shard", "run", s_birds, "--out", Store("x"), "--shard", "4/3");
        CliRun.Bad("--dtype", "run", s_birds, "--out", Store("x"), "--dtype", "f8");
        CliRun.Bad("another model", "ablate", Store("whole"), "--model", TestData.Golden("models/tiny-gelu"), "--tokenizer", TestData.Demo());
        string damaged = Store("damaged");
        Directory.CreateDirectory(damaged);
        foreach (string path in Directory.GetFiles(Store("whole")))
            File.Copy(path, Path.Combine(damaged, Path.GetFileName(path)));
        byte[] block = File.ReadAllBytes(Path.Combine(damaged, "block-000002.safetensors"));
        File.WriteAllBytes(Path.Combine(damaged, "block-000002.safetensors"), block[..(block.Length / 2)]);
        CliRun.Bad("block-000002", "ablate", damaged);
        string old = File.ReadAllText(Path.Combine(damaged, "store.json"));
        File.WriteAllText(Path.Combine(damaged, "store.json"), old.Replace("\"version\":2", "\"version\":99", StringComparison.Ordinal));
        CliRun.Bad("another version", "ablate", damaged);
    }

    static void AssertSame(string folder)
    {
        foreach (string path in Directory.GetFiles(Store("whole")))
            Assert.That(File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(path))), Is.EqualTo(File.ReadAllBytes(path)), Path.GetFileName(path));
    }

    static void AssertClose(float[] actual, float[] expected)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-6f), $"element {i}");
    }
}

using System.Text.Json;
using ClipCore.EffectSets;

namespace ClipCore.Tests.Cli;

/// <summary>
/// Stores through the commands: shards, interrupted runs, experiments on them, statistics alone, and what is refused. What lies in a store is tested in its
/// own room.
/// </summary>
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
        JsonElement merged = CliRun.Results("merge", Store("shard2"), Store("shard3"), Store("shard1"), "--out", Store("merged"));
        Assert.That(merged.GetProperty("images").GetInt32(), Is.EqualTo(400));
        AssertSame(Store("merged"));
        CliRun.Bad("merge", "ablate", Store("shard1"));
        CliRun.Bad("each once", "merge", Store("shard1"), Store("shard2"), "--out", Store("part"));
        CliRun.Bad("other images", "run", TestData.Demo("data/scenes"), "--out", Store("shard1"), "--shard", "1/3");
    }

    [Test]
    public void Experiments_OnTheStore_AreThoseOnThePictures()
    {
        JsonElement found = CliRun.Results("spurious", Store("whole"), "--heads", "L4.H3", "--random-draws", "0");
        Assert.That(found.GetProperty("baseline").GetProperty("worst").GetDouble(), Is.EqualTo(0.55).Within(1e-12));
        Assert.That(found.GetProperty("replaced").GetProperty("worst").GetDouble(), Is.EqualTo(0.75).Within(1e-12));
    }

    [Test]
    public void Export_IsTheReferencesLayout_UnderBothNamesOfTheOption()
    {
        string[] more = ["--dataset", "birds", "--model-name", "demo", "--class", "a land bird", "--class", "a water bird"];
        CliRun.Good(["export", Store("whole"), "--reference", Store("old"), .. more]);
        JsonElement found = CliRun.Results(["export", Store("whole"), "--out", Store("arrays"), .. more]);
        string[] written = [.. found.GetProperty("written").EnumerateArray().Select(path => path.GetString()!)];
        Assert.That(written, Has.Member(Path.Combine(Store("arrays"), "birds_attn_demo.npy")));
        Assert.That(written, Is.EquivalentTo(Directory.GetFiles(Store("arrays"))));
        foreach (string path in written)
            Assert.That(File.ReadAllBytes(Path.Combine(Store("old"), Path.GetFileName(path))), Is.EqualTo(File.ReadAllBytes(path)), path);
        using EffectStore store = EffectStore.Open(Store("whole"));
        using ReferenceArrays arrays = ReferenceArrays.Open(Store("arrays"));
        Assert.That((arrays.ImageCount, arrays.Attributes!.Length, arrays.Labels!.Sum()), Is.EqualTo((400, 400, store.Labels!.Sum())));
        float[] heads = new float[6 * 4 * 128], mlps = new float[7 * 128], exported = new float[heads.Length];
        foreach (int image in (int[])[0, 63, 64, 399])
        {
            store.Read(image, heads, mlps, []);
            arrays.Read(image, exported, mlps, []);
            Assert.That(exported, Is.EqualTo(heads));
        }
    }

    [Test]
    public void StatisticsAlone_GiveTheTextsOfTheDenseOutputs_AndAnAtlas()
    {
        CliRun.Good("run", s_birds, "--out", Store("statistics"), "--statistics-only");
        Assert.That(Directory.GetFiles(Store("statistics"), "block-*"), Is.Empty);
        Assert.That(File.ReadAllBytes(Path.Combine(Store("statistics"), "statistics.safetensors")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(Store("whole"), "statistics.safetensors"))));
        string[] settings = ["--count", "5", "--rank", "32"];
        JsonElement fromStore = CliRun.Results(["textspan", Store("statistics"), "--last-layers", "2", .. settings]).GetProperty("heads");
        JsonElement dense = CliRun.Results(["textspan", "--data", s_birds, "--random-draws", "0", "--accuracy-at", "1", .. settings]).GetProperty("heads");
        JsonElement atlas = CliRun.Results(["heads", Store("statistics"), .. settings]).GetProperty("heads");
        Assert.That(fromStore.EnumerateObject().Count(), Is.EqualTo(24));
        foreach (JsonProperty head in fromStore.EnumerateObject())
        {
            Assert.That(
                head.Value.GetProperty("indices").EnumerateArray().Select(index => index.GetInt32()),
                Is.EqualTo(dense.GetProperty(head.Name).GetProperty("indices").EnumerateArray().Select(index => index.GetInt32())), head.Name);
            Assert.That(
                atlas.GetProperty(head.Name).GetProperty("texts").EnumerateArray().Select(text => text.GetProperty("text").GetString()),
                Is.EqualTo(head.Value.GetProperty("texts").EnumerateArray().Select(text => text.GetString())), head.Name);
        }
        foreach (string command in (string[])["ablate", "spurious"])
            CliRun.Bad("statistics alone", command, Store("statistics"));
        CliRun.Bad("statistics alone", "retrieve", Store("statistics"), "--text", "a duck");
        CliRun.Bad("statistics alone", "export", Store("statistics"), "--out", Store("none"));
    }

    [Test]
    public void UnreadablePictures_AreListedAndSkipped_OrFatal()
    {
        Directory.CreateDirectory(Store("pictures"));
        foreach (string name in (string[])["0000.png", "0001.png"])
            File.Copy(Path.Combine(s_birds, name), Path.Combine(Store("pictures"), name));
        File.WriteAllText(Path.Combine(Store("pictures"), "0000b.png"), "no picture");
        CliRun run = CliRun.Of("run", Store("pictures"), "--out", Store("skipping"));
        Assert.That(run.ExitCode, Is.EqualTo(ClipCore.Cli.ExitCode.Partly), run.Error);
        Assert.That(run.Output, Does.Contain("1 skipped"));
        Assert.That(run.Error, Does.Contain("skipped: ").And.Contain("0000b.png"));
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
        double[][] Accuracies(params string[] source) =>
        [
            .. CliRun.Results(
                    ["textspan", .. source, "--rank", "32", "--count", "3", "--accuracy-at", "1,3", "--last-layers", "2", "--random-draws", "1"])
                .GetProperty("accuracies").EnumerateArray().Select(row => (double[])[
                    row.GetProperty("accuracy").GetDouble(), row.GetProperty("commonWords").GetDouble(), row.GetProperty("random")[0].GetDouble()]),
        ];
        double[][] stored = Accuracies(Store("whole")), pictures = Accuracies("--data", s_birds);
        Assert.That(stored, Has.Length.EqualTo(2));
        Assert.That(stored, Is.EqualTo(pictures));
    }

    [Test]
    public void Spurious_OnAStore_NeverJudgesTrainingImages()
    {
        string[] lines = File.ReadAllLines(Path.Combine(s_birds, "metadata.csv")), columns = lines[0].Split(',');
        int image = Array.IndexOf(columns, "img_filename"), label = Array.IndexOf(columns, "y"), place = Array.IndexOf(columns, "place");
        string[][] rows = [.. lines.Skip(1).Select(line => line.Split(','))];
        string Row(string[] row, int split) => $"{Path.Combine(s_birds, row[image])},{row[label]},{row[place]},{split}";
        IEnumerable<string[]> Of(int skip, int take) => rows.GroupBy(row => (row[label], row[place])).SelectMany(group => group.Skip(skip).Take(take));
        string mixed = Store("mixed.csv"), test = Store("test.csv"), train = Store("train.csv");
        IEnumerable<string> tests = Of(0, 10).Select(row => Row(row, 2)), trainings = Of(10, 20).Select(row => Row(row, 0));
        File.WriteAllLines(mixed, ["image,label,place,split", .. trainings, .. tests]);
        File.WriteAllLines(test, ["image,label,place,split", .. tests]);
        File.WriteAllLines(train, ["image,label,place,split", .. trainings]);
        string[] classes = ["--class", "landbird", "--class", "waterbird"];
        foreach (string list in (string[])[mixed, test, train])
            CliRun.Good(["run", list, "--out", $"{list}-store", .. classes]);
        string[] chosen = ["--heads", "L4.H3", "--random-draws", "0"];
        JsonElement found = CliRun.Results(["spurious", $"{mixed}-store", .. chosen]), alone = CliRun.Results(["spurious", $"{test}-store", .. chosen]);
        Assert.That(found.GetProperty("images").GetInt32(), Is.EqualTo(40));
        Assert.That(found.GetProperty("baseline").GetRawText(), Is.EqualTo(alone.GetProperty("baseline").GetRawText()));
        CliRun.Bad("none for test", ["spurious", $"{train}-store", .. chosen]);
    }

    [Test]
    public void BadStores_AreNamed()
    {
        CliRun.Bad("does not exist", "ablate", Store("nowhere"));
        CliRun.Bad("is no store", "export", s_birds, "--out", Store("x"));
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
        File.Delete(Path.Combine(damaged, "block-000002.safetensors"));
        CliRun.Bad("block-000002", "ablate", damaged);
        string manifest = File.ReadAllText(Path.Combine(damaged, "store.json")),
            other = manifest.Replace("\"version\":2", "\"version\":99", StringComparison.Ordinal);
        Assert.That(other, Is.Not.EqualTo(manifest));
        File.WriteAllText(Path.Combine(damaged, "store.json"), other);
        CliRun.Bad("another version", "ablate", damaged);
    }

    static void AssertSame(string folder)
    {
        foreach (string path in Directory.GetFiles(Store("whole")))
            Assert.That(File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(path))), Is.EqualTo(File.ReadAllBytes(path)), Path.GetFileName(path));
    }
}

using System.Text.Json;
using ClipCore.Images;

namespace ClipCore.Tests.Cli;

/// <summary>Retrieval, the atlas and pool checks on the demo model's data.</summary>
sealed class RetrievalTests
{
    static JsonElement Scenes() => JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("data/scenes/scenes.json"))).RootElement.GetProperty("scenes");

    [Test]
    public void BackgroundHead_FindsTheSameBackground()
    {
        JsonElement scenes = Scenes();
        JsonElement found = CliRun.Results("retrieve", "--image", "0013.png", "--heads", "L4.H3", "--count", "5").GetProperty("images");
        Assert.That(found.EnumerateArray().Select(image => image.GetProperty("index").GetInt32()), Does.Not.Contain(13), "the query itself is no answer");
        foreach (JsonElement image in found.EnumerateArray())
            Assert.That(scenes[image.GetProperty("index").GetInt32()].GetProperty("background").GetString(),
                Is.EqualTo(scenes[13].GetProperty("background").GetString()));
    }

    [Test]
    public void Text_FindsItsObject_AndCompoundQueriesMixBoth()
    {
        JsonElement scenes = Scenes(), found = CliRun.Results("retrieve", "--text", "an image of a castle", "--count", "1").GetProperty("images");
        Assert.That(scenes[found[0].GetProperty("index").GetInt32()].GetProperty("objects")[0].GetProperty("name").GetString(), Is.EqualTo("castle"));
        Assert.That(CliRun.Results("retrieve", "--text", "a castle", "--image", "13", "--heads", "L4.H1,L5.*", "--heads", "L4.H3").GetProperty("query")
            .GetString(), Does.Contain("L4.H3").And.Contain("castle"));
        Assert.That(CliRun.Results("retrieve", "--image", "13", "--heads", "L4.H3 + L4.H1").GetProperty("images").GetArrayLength(), Is.EqualTo(10));
    }

    [Test]
    public void WithoutAQuery_RecallIsGiven()
    {
        JsonElement found = CliRun.Results("retrieve");
        foreach ((string kind, int queries, double least) in (ReadOnlySpan<(string, int, double)>)[("captions", 349, 0.6), ("classes", 64, 0.65)])
        {
            JsonElement recall = found.GetProperty("recall").GetProperty(kind);
            double[] recalls = [.. ((string[])["recall@1", "recall@5", "recall@10"]).Select(name => recall.GetProperty(name).GetDouble())];
            Assert.That(recall.GetProperty("queries").GetInt32(), Is.EqualTo(queries));
            Assert.That(recalls, Is.Ordered);
            Assert.That(recalls[0], Is.GreaterThan(least));
        }
    }

    [Test]
    public void SheetAndPage_AreWritten()
    {
        using TemporaryFolder folder = new();
        CliRun.Good("retrieve", "--text", "a duck", "--sheet", folder.File("sheet.png"), "--page", folder.File("page.html"));
        Assert.That(ImageDecoder.Load(folder.File("sheet.png")).Width, Is.GreaterThan(700));
        Assert.That(File.ReadAllText(folder.File("page.html")), Does.Contain("data:image/png").And.Not.Contain("http"));
    }

    [Test]
    public void Atlas_NamesTextsImagesAndHashes()
    {
        using JsonDocument json = JsonDocument.Parse(CliRun.Good("heads", "--count", "5", "--rank", "32", "--json", "-").Output);
        JsonElement atlas = json.RootElement.GetProperty("results");
        Assert.That(json.RootElement.GetProperty("model").GetProperty("sha256").GetString(), Has.Length.EqualTo(64));
        Assert.That(atlas.GetProperty("poolSha256").GetString(), Has.Length.EqualTo(64));
        JsonElement head = atlas.GetProperty("heads").GetProperty("L4.H3");
        Assert.That(head.GetProperty("texts")[0].GetProperty("text").GetString(), Is.EqualTo("a thing against pink"));
        Assert.That(head.GetProperty("texts")[0].GetProperty("top").GetArrayLength(), Is.EqualTo(3));
        Assert.That(head.GetProperty("meanEffectOnClasses").EnumerateObject().Count(), Is.EqualTo(5));
    }

    [Test]
    public void Atlas_OfATaggedPool_SuggestsLabels()
    {
        using TemporaryFolder folder = new();
        string pool = folder.Write("pool.tsv", "background\tan image of sand dunes\nbackground\ta thing against pink\n"
            + "background\tan image of a gray background\nobject\ta duck\nobject\ta castle\n");
        JsonElement head = CliRun.Results("heads", "--texts", pool, "--count", "5").GetProperty("heads").GetProperty("L4.H3");
        Assert.That(head.GetProperty("label").GetString(), Is.EqualTo("background"));
        Assert.That(head.GetProperty("factors").EnumerateObject().Sum(factor => factor.Value.GetDouble()), Is.EqualTo(1).Within(1e-9));
    }

    [Test]
    public void PoolCheck_FindsWhatIsSaidTwice()
    {
        using TemporaryFolder folder = new();
        JsonElement found =
            CliRun.Results("pool", "check",
                folder.Write("pool.txt", "a red car\nA red car.\na very big red car on a road\na very big blue red car on a road\n"));
        Assert.That(Lines("duplicates"), Is.EqualTo(((int, int)[])[(1, 2)]));
        Assert.That(Lines("nearDuplicates"), Is.EqualTo(((int, int)[])[(3, 4)]));
        JsonElement general = CliRun.Results("pool", "check", Path.Combine(TestData.Root, "weights/pools/general.tsv"));
        Assert.That((general.GetProperty("texts").GetInt32(), general.GetProperty("duplicates").GetArrayLength()), Is.EqualTo((4954, 0)));

        IEnumerable<(int, int)> Lines(string kind) =>
            found.GetProperty(kind).EnumerateArray().Select(pair => (pair.GetProperty("firstLine").GetInt32(), pair.GetProperty("secondLine").GetInt32()));
    }

    [Test]
    public void PictureFromElsewhere_FindsWhatItselfWould()
    {
        using TemporaryFolder folder = new();
        string copy = folder.Write("copy.png", File.ReadAllBytes(TestData.Demo("data/scenes/0013.png")));
        JsonElement found = CliRun.Results("retrieve", "--image", copy, "--heads", "L4.H3", "--count", "1").GetProperty("images");
        Assert.That(found[0].GetProperty("index").GetInt32(), Is.EqualTo(13));
        Assert.That(found[0].GetProperty("score").GetDouble(), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void CompoundQuery_TakesOnePropertyOfEach()
    {
        JsonElement scenes = Scenes();
        JsonElement best = CliRun.Results("retrieve", "--image", "0", "--image", TestData.Demo("samples/duck-in-forest.png"), "--heads", "L4.H3", "--heads",
            "L5.H0 + L4.H0", "--count", "1").GetProperty("images")[0];
        JsonElement scene = scenes[best.GetProperty("index").GetInt32()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(scene.GetProperty("background").GetString(), Is.EqualTo(scenes[0].GetProperty("background").GetString()),
                "the background is the first image's");
            Assert.That(scene.GetProperty("horizontal").GetString(), Is.EqualTo("center"), "the position is the second image's");
            Assert.That(best.GetProperty("terms").GetArrayLength(), Is.EqualTo(2));
        }
    }

    [Test]
    public void ReferenceArrays_AreSearchedWithoutAModel()
    {
        JsonElement found = CliRun.Results("retrieve", "--reference", TestData.Golden("ablation/ablations_labelled"), "--image", "3", "--count", "200")
            .GetProperty("images");
        Assert.That(found.GetArrayLength(), Is.EqualTo(139));
    }

    [Test]
    public void Store_GivesWhatPicturesGive()
    {
        using TemporaryFolder folder = new();
        string pictures = Directory.CreateDirectory(folder.File("pictures")).FullName;
        for (int i = 0; i < 6; i++)
            File.Copy(TestData.Demo($"data/scenes/{i:0000}.png"), Path.Combine(pictures, $"{i:0000}.png"));
        CliRun.Good("run", pictures, "--out", folder.File("store"));
        JsonElement stored = CliRun.Results("retrieve", folder.File("store"), "--text", "a castle"),
            direct = CliRun.Results("retrieve", "--data", pictures, "--text", "a castle");
        for (int i = 0; i < 6; i++)
        {
            JsonElement a = stored.GetProperty("images")[i], b = direct.GetProperty("images")[i];
            Assert.That(a.GetProperty("index").GetInt32(), Is.EqualTo(b.GetProperty("index").GetInt32()));
            Assert.That(a.GetProperty("score").GetDouble(), Is.EqualTo(b.GetProperty("score").GetDouble()).Within(1e-6));
        }
        CliRun.Good("run", pictures, "--out", folder.File("late"), "--layers", "2");
        Assert.That(CliRun.Results("retrieve", folder.File("late"), "--image", "0", "--heads", "L4.H3").GetProperty("images").GetArrayLength(), Is.EqualTo(5));
        CliRun.Bad("L3.H0", "retrieve", folder.File("late"), "--image", "0", "--heads", "L3.H0");
    }

    [Test]
    public void BadQueries_AreNamed()
    {
        CliRun.Bad("999", "retrieve", "--image", "999");
        CliRun.Bad("--image is empty", "retrieve", "--image", "");
        CliRun.Bad("L9.H9", "retrieve", "--text", "a", "--heads", "L9.H9");
        CliRun.Bad("--count", "retrieve", "--text", "a", "--count", "0");
        CliRun.Bad("captions", "retrieve", "--data", TestData.Demo("samples"));
        CliRun.Bad("no model", "retrieve", "--reference", TestData.Golden("ablation/ablations_labelled"), "--text", "a");
        CliRun.Bad("take one", "retrieve", "--reference", TestData.Golden("ablation/ablations_labelled"), "--data", TestData.Demo("samples"), "--text", "a");
        CliRun.Bad("does not exist", "retrieve", "no-such-store", "--text", "a");
        CliRun.Bad("--image", "retrieve", "--image", "no-such.png");
        CliRun.Bad("--text", "retrieve", "--text", " ");
        CliRun.Bad("--heads", "retrieve", "--text", "a", "--heads", "L0.H0", "--heads", "L1.H0");
        CliRun.Bad("--threshold", "pool", "check", "x", "--threshold", "2");
    }
}

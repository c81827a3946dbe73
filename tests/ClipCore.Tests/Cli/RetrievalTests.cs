using System.Text.Json;
using ClipCore.Images;

namespace ClipCore.Tests.Cli;

/// <summary>Retrieval, the atlas and pool checks on the demo model's data.</summary>
sealed class RetrievalTests
{
    static JsonElement Json(params string[] args) => JsonDocument.Parse(CliRun.Good([.. args, "--json", "-"]).Output).RootElement;

    static JsonElement Scenes() => JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("data/scenes/scenes.json"))).RootElement.GetProperty("scenes");

    [Test]
    public void BackgroundHead_FindsTheSameBackground()
    {
        JsonElement scenes = Scenes();
        JsonElement found = Json("retrieve", "--image", "0013.png", "--heads", "L4.H3", "--count", "6").GetProperty("images");
        Assert.That(found[0].GetProperty("index").GetInt32(), Is.EqualTo(13), "an image is nearest to itself");
        Assert.That(found[0].GetProperty("score").GetDouble(), Is.EqualTo(1).Within(1e-6));
        foreach (JsonElement image in found.EnumerateArray())
            Assert.That(scenes[image.GetProperty("index").GetInt32()].GetProperty("background").GetString(), Is.EqualTo(scenes[13].GetProperty("background").GetString()));
    }

    [Test]
    public void Text_FindsItsObject_AndCompoundQueriesMixBoth()
    {
        JsonElement scenes = Scenes(), found = Json("retrieve", "--text", "an image of a castle", "--count", "1").GetProperty("images");
        Assert.That(scenes[found[0].GetProperty("index").GetInt32()].GetProperty("objects")[0].GetProperty("name").GetString(), Is.EqualTo("castle"));
        Assert.That(Json("retrieve", "--text", "a castle", "--image", "13", "--heads", "L4.H1,L5.*", "--heads", "L4.H3").GetProperty("query").GetString(), Does.Contain("L4.H3").And.Contain("castle"));
        Assert.That(Json("retrieve", "--image", "13", "--heads", "L4.H3 + L4.H1").GetProperty("images").GetArrayLength(), Is.EqualTo(10));
    }

    [Test]
    public void WithoutAQuery_RecallIsGiven()
    {
        JsonElement found = Json("retrieve");
        double[] recalls = [.. ((string[])["recall@1", "recall@5", "recall@10"]).Select(name => found.GetProperty(name).GetDouble())];
        Assert.That(recalls, Is.Ordered);
        Assert.That(recalls[2], Is.GreaterThan(0.9));
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
        JsonElement atlas = Json("heads", "--count", "5", "--rank", "32");
        Assert.That(atlas.GetProperty("model").GetString(), Has.Length.EqualTo(64));
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
        string pool = folder.Write("pool.tsv", "background\tan image of sand dunes\nbackground\ta thing against pink\nbackground\tan image of a gray background\nobject\ta duck\nobject\ta castle\n");
        JsonElement head = Json("heads", "--texts", pool, "--count", "5").GetProperty("heads").GetProperty("L4.H3");
        Assert.That(head.GetProperty("label").GetString(), Is.EqualTo("background"));
        Assert.That(head.GetProperty("factors").EnumerateObject().Sum(factor => factor.Value.GetDouble()), Is.EqualTo(1).Within(1e-9));
    }

    [Test]
    public void PoolCheck_FindsWhatIsSaidTwice()
    {
        using TemporaryFolder folder = new();
        JsonElement found = Json("pool", "check", folder.Write("pool.txt", "a red car\nA red car.\na very big red car on a road\na very big blue red car on a road\n"));
        Assert.That(found.GetProperty("duplicates").EnumerateArray().Select(pair => pair.GetString()), Is.EqualTo((string[])["1 2"]));
        Assert.That(found.GetProperty("nearDuplicates").EnumerateArray().Select(pair => pair.GetString()), Is.EqualTo((string[])["3 4"]));
        JsonElement general = Json("pool", "check", Path.Combine(TestData.Root, "weights/pools/general.tsv"));
        Assert.That((general.GetProperty("texts").GetInt32(), general.GetProperty("duplicates").GetArrayLength()), Is.EqualTo((4954, 0)));
    }

    [Test]
    public void BadQueries_AreNamed()
    {
        CliRun.Bad("--image", "retrieve", "--image", "no-such.png");
        CliRun.Bad("--text", "retrieve", "--text", " ");
        CliRun.Bad("--heads", "retrieve", "--text", "a", "--heads", "L0.H0", "--heads", "L1.H0");
        CliRun.Bad("--threshold", "pool", "check", "x", "--threshold", "2");
    }
}

using System.Text.Json;
using ClipCore.Cli;

namespace ClipCore.Tests.Cli;

/// <summary>Inputs from real-world situations that once gave wrong numbers without a word: each has its right answer, through the commands.</summary>
sealed class CasesTests
{
    static readonly TemporaryFolder s_folder = new();

    static string Scenes => TestData.Demo("data/scenes");

    static string Case(string path) => Path.Combine(TestData.Root, "tests", "ClipCore.Tests", "Cases", path);

    [OneTimeTearDown]
    public void Clean() => s_folder.Dispose();

    static JsonElement Results(params string[] args)
    {
        using JsonDocument json = JsonDocument.Parse(CliRun.Good([.. args, "--json", "-"]).Output);
        return json.RootElement.GetProperty("results").Clone();
    }

    static double Baseline(params string[] args) => Results(["ablate", .. args]).GetProperty("baseline").GetDouble();

    /// <summary>A list of the cases beside the scenes that its paths are relative to.</summary>
    static string ListBesideScenes(string name)
    {
        string path = s_folder.File(name);
        string text = File.ReadAllText(Case($"lists/{name}"));
        File.WriteAllText(path, System.Text.RegularExpressions.Regex.Replace(text, @"\b(\d{4}\.png)", match => Path.Combine(Scenes, match.Value)));
        return path;
    }

    /// <summary>The scenes of the case as class folders, called by ids or by names.</summary>
    static string ClassFolders(string column)
    {
        string root = s_folder.File(column);
        string[] lines = File.ReadAllLines(Case("lists/wordnet-folders.tsv"));
        int at = Array.IndexOf(lines[0].Split('\t'), column);
        foreach (string[] fields in lines.Skip(1).Select(line => line.Split('\t')))
        {
            Directory.CreateDirectory(Path.Combine(root, fields[at]));
            File.Copy(Path.Combine(Scenes, fields[0]), Path.Combine(root, fields[at], fields[0]), overwrite: true);
        }
        return root;
    }

    [TestCase("labels-int.csv", 0.8583)]
    [TestCase("labels-float.csv", 0.8583)]
    [TestCase("labels-minus.csv", 0.88)]
    [TestCase("labels-null.json", 0.85)]
    public void Labels_InAnySpelling_AreNumbers_AndMissingOnesAreLeftOut(string list, double expected) =>
        Assert.That(Baseline("--data", ListBesideScenes(list)), Is.EqualTo(expected).Within(0.006));

    [Test]
    public void WordNetFolders_AreTranslatedByAMapping_AndRefusedWithoutOne()
    {
        string ids = ClassFolders("folder"), names = ClassFolders("class");
        double byName = Baseline("--data", names);
        Assert.That(byName, Is.EqualTo(103.0 / 120).Within(1e-12));
        Assert.That(Baseline("--data", ids, "--classes", Case("lists/wordnet-mapping.txt")), Is.EqualTo(byName));
        Assert.That(CliRun.Bad("WordNet ids", "ablate", "--data", ids), Does.Contain("n1000").And.Contain("tab between them"));
    }

    [Test]
    public void UnknownClassFolder_IsRefused_WithTheNearestName()
    {
        string root = s_folder.File("misspelt");
        foreach (string name in (string[])["duk", "dog"])
        {
            Directory.CreateDirectory(Path.Combine(root, name));
            File.Copy(TestData.Demo("samples/duck-in-forest.png"), Path.Combine(root, name, "a.png"), overwrite: true);
        }
        Assert.That(CliRun.Bad("'duk'", "ablate", "--data", root), Does.Contain("'duck'"));
    }

    [TestCase("grey255.csv")]
    [TestCase("grey1.csv")]
    [TestCase("voc-class1.csv")]
    [TestCase("voc-class2.csv")]
    [TestCase("16bit1.csv")]
    public void Masks_OfEveryKind_GiveTheSameScore(string list)
    {
        JsonElement results = Results("segment", Case($"masks/{list}"), "--text", "a duck", "--text", "a forest");
        Assert.That(results.GetProperty("meanIoU").GetDouble(), Is.EqualTo(0.6175).Within(0.00005));
        Assert.That(results.GetProperty("truth").GetProperty("ignored").GetDouble(), Is.Zero);
    }

    [Test]
    public void VoidBorder_IsLeftOut_AndColoursAreAskedFor()
    {
        JsonElement results = Results("segment", Case("masks/voc-void.csv"), "--text", "a duck", "--text", "a forest");
        Assert.That(results.GetProperty("truth").GetProperty("ignored").GetDouble(), Is.GreaterThan(0));
        CliRun.Bad("--mask-colors", "segment", Case("masks/colour-blue.csv"), "--text", "a duck", "--text", "a forest");
        JsonElement blue = Results("segment", Case("masks/colour-blue.csv"), "--text", "a duck", "--text", "a forest", "--mask-colors", "0,0,255");
        Assert.That(blue.GetProperty("meanIoU").GetDouble(), Is.EqualTo(0.6175).Within(0.00005));
    }

    [TestCase("noeoi-text.jpg")]
    [TestCase("noeoi-zeros.jpg")]
    public void Jpeg_WithoutItsEndMarker_IsOpened(string name) => CliRun.Good("classify", Case($"pictures/{name}"), "--top", "1");

    [TestCase("cut.jpg")]
    [TestCase("cmyk.jpg")]
    [TestCase("one-by-ten-million.png")]
    public void Picture_ThatCannotBeUsed_IsNamed_AndSkippedAmongOthers(string name)
    {
        string path = Case($"pictures/{name}");
        CliRun.Bad(name, "explain", path);
        CliRun run = CliRun.Of("classify", TestData.Demo("samples/duck-in-forest.png"), path, "--json", "-");
        Assert.That(run.ExitCode, Is.EqualTo(3), run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.That(json.RootElement.GetProperty("results").GetProperty("skipped")[0].GetProperty("name").GetString(), Is.EqualTo(path));
        Assert.That(run.Error.Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
        CliRun.Bad(name, "classify", TestData.Demo("samples/duck-in-forest.png"), path, "--strict");
    }

    [Test]
    [CancelAfter(20000)]
    public void Jpeg_OfThousandsOfScans_DoesNotHoldUp()
    {
        CliRun run = CliRun.Of("classify", Case("pictures/progressive-4000-scans.jpg"));
        Assert.That(run.ExitCode, Is.AnyOf(0, 2), run.Error);
    }

    [Test]
    public void Lists_WithMarks_QuotedLineBreaksAndNulls_AreRead()
    {
        foreach (string list in (string[])["one-label-missing.csv", "nulls.json", "byte-order-mark.json", "caption-with-line-break.csv"])
            Assert.That(Results("encode", "--data", Case($"lists/{list}"), "--out", s_folder.File("encoded")).GetProperty("images").GetArrayLength(),
                Is.GreaterThan(0), list);
        CliRun.Good("classify", TestData.Demo("samples/duck-in-forest.png"), "--classes", Case("lists/classes-byte-order-mark.json"));
    }

    [Test]
    public void HiddenFiles_AreNoPictures_AndBrokenOnesAreSkipped()
    {
        string folder = Directory.CreateDirectory(s_folder.File("mac")).FullName;
        File.Copy(TestData.Demo("samples/duck-in-forest.png"), Path.Combine(folder, "duck.png"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "._duck.png"), "a resource fork");
        Assert.That(Results("encode", folder, "--out", s_folder.File("mac.npy")).GetProperty("images").GetArrayLength(), Is.EqualTo(1));
        File.WriteAllText(Path.Combine(folder, "broken.png"), "no picture");
        CliRun run = CliRun.Of("run", folder, "--out", s_folder.File("mac-store"));
        Assert.That(run.ExitCode, Is.EqualTo(3), run.Error);
        Assert.That(run.Error, Does.Contain("broken.png"));
    }

    [Test]
    public void PixelsOfPreprocess_AreTakenAsTheyAre()
    {
        string sample = TestData.Demo("samples/three-apples.png");
        CliRun.Good("preprocess", sample, "--size", "96", "--out", s_folder.File("one.npy"));
        CliRun.Good("encode", "--pixels", s_folder.File("one.npy"), "--out", s_folder.File("a.npy"));
        CliRun.Good("encode", sample, "--out", s_folder.File("b.npy"));
        Assert.That(File.ReadAllBytes(s_folder.File("a.npy")), Is.EqualTo(File.ReadAllBytes(s_folder.File("b.npy"))));
    }

    [Test]
    public void Store_WithoutSingleHeadsOfEarlyLayers_RefusesThem()
    {
        string store = s_folder.File("late");
        CliRun.Good("run", TestData.Demo("data/waterbirds"), "--out", store, "--layers", "2");
        CliRun.Bad("L1.H0", "spurious", store, "--heads", "L1.H0");
        CliRun.Bad("L1.H0", "ablate", store, "--components", "L1.H0");
        CliRun.Bad("by their sum", "retrieve", store, "--text", "a duck", "--heads", "L1.H0");
        Assert.That(CliRun.Bad("layers 0 … 3", "export", store, "--out", s_folder.File("late-arrays")), Does.Not.Contain("internal"));
        foreach (JsonProperty head in Results("heads", store, "--count", "2", "--rank", "32").GetProperty("heads").EnumerateObject())
            Assert.That(head.Name, Does.StartWith("L4.").Or.StartWith("L5."));
        JsonElement spurious = Results("spurious", store, "--heads", "L4.H3", "--random-draws", "3");
        foreach (JsonElement draw in spurious.GetProperty("random").EnumerateArray())
            foreach (JsonElement head in draw.GetProperty("heads").EnumerateArray())
                Assert.That(head.GetString(), Does.StartWith("L4.").Or.StartWith("L5."));
    }

    [Test]
    public void Store_IsJudgedByItsOwnClasses_OnItsTestSplit()
    {
        string store = s_folder.File("birds");
        CliRun.Good("run", TestData.Demo("data/waterbirds"), "--out", store);
        foreach (string[] command in (string[][])[["ablate", store], ["spurious", store, "--heads", "L4.H3", "--random-draws", "0"]])
            Assert.That(Results(command).GetProperty("classes").EnumerateArray().Select(name => name.GetString()),
                Is.EqualTo((string[])["landbird", "waterbird"]));
        string list = s_folder.Write("numbers.csv", $"image,label\n{Path.Combine(Scenes, "0000.png")},1\n{Path.Combine(Scenes, "0001.png")},0\n");
        CliRun.Good("run", list, "--out", s_folder.File("numbers"));
        CliRun.Bad("nothing names them", "ablate", s_folder.File("numbers"));
        CliRun.Good("ablate", s_folder.File("numbers"), "--class", "a castle", "--class", "a bee");
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using ClipCore.Images;
using ClipCore.Reports.Pictures;

namespace ClipCore.Tests.Cli;

sealed class ExplainTests
{
    static readonly TemporaryFolder s_folder = new();
    static JsonElement s_root;

    static string Out(string name = "") => Path.Combine(s_folder.Path, "explanation", name);

    [OneTimeSetUp]
    public void Explain()
    {
        CliRun run = CliRun.Good(
            "explain", TestData.Demo("samples/duck-in-forest.png"), "--text", "a duck in a forest", "--text", "a duck on water", "--out", Out());
        Assert.That(run.Error, Is.Empty);
        foreach (string part in (string[])["embed", "attention 5", "MLP 5", "completeness", "-bit registers", "L4.H3"])
            Assert.That(run.Output, Does.Contain(part));
        s_root = CliRun.ResultsIn(File.ReadAllText(Out("explanation.json")));
    }

    [OneTimeTearDown]
    public void Clean() => s_folder.Dispose();

    [Test]
    public void Files_AreThePagesOwn()
    {
        string[] names = [.. Directory.GetFiles(Out()).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.That(names, Is.EqualTo((string[])["explanation.json", "heads.png", "index.html", "preprocessed.png", "text-1.png", "text-2.png"]));
        foreach (string name in names.Where(name => name.EndsWith(".png", StringComparison.Ordinal)))
            Assert.That(ImageDecoder.Load(Out(name)).Width, Is.GreaterThanOrEqualTo(96), name);
    }

    [Test]
    public void PreprocessedPicture_IsWhatTheModelGets()
    {
        ImagePreprocessor preprocessor = new(new PreprocessConfig { Size = 96 });
        byte[] expected = preprocessor.Prepare(ImageDecoder.Load(TestData.Demo("samples/duck-in-forest.png"))).Rgb;
        Assert.That(ImageDecoder.Load(Out("preprocessed.png")).ToRgb(), Is.EqualTo(expected));
    }

    [Test]
    public void Parts_AddUpToTheScores()
    {
        JsonElement root = s_root;
        for (int text = 0; text < 2; text++)
        {
            double sum = root.GetProperty("embed")[text].GetDouble();
            foreach (JsonElement row in (JsonElement[])[.. root.GetProperty("attention").EnumerateArray(), .. root.GetProperty("mlps").EnumerateArray()])
                sum += row[text].GetDouble();
            Assert.That(sum, Is.EqualTo(root.GetProperty("texts")[text].GetProperty("cosine").GetDouble()).Within(1e-6));
        }
        Assert.That(root.GetProperty("completeness").GetProperty("representation").GetDouble(), Is.LessThanOrEqualTo(1e-6));
    }

    [Test]
    public void Patches_AddUpToTheirHead_AndHeadsToTheMap()
    {
        JsonElement heads = s_root.GetProperty("heads");
        double[] map = new double[144];
        foreach (JsonProperty head in heads.EnumerateObject())
        {
            double sum = head.Value.GetProperty("classToken")[0].GetDouble();
            int patch = 0;
            foreach (JsonElement row in head.Value.GetProperty("patches").EnumerateArray())
            {
                sum += row[0].GetDouble();
                map[patch++] += row[0].GetDouble();
            }
            Assert.That(sum, Is.EqualTo(head.Value.GetProperty("effect")[0].GetDouble()).Within(1e-6), head.Name);
        }
        Assert.That(map, Is.EqualTo(s_root.GetProperty("heatmaps")[0].EnumerateArray().Select(value => value.GetDouble())).Within(1e-6));
    }

    [Test]
    public void TopHeads_AreTheStrongestOfAll()
    {
        JsonElement root = s_root;
        string[] expected =
        [
            .. root.GetProperty("heads").EnumerateObject()
                .OrderByDescending(head => Math.Abs(head.Value.GetProperty("effect")[0].GetSingle() - head.Value.GetProperty("effect")[1].GetSingle()))
                .Take(10).Select(head => head.Name),
        ];
        Assert.That(root.GetProperty("topHeads").EnumerateArray().Select(head => head.GetProperty("label").GetString()), Is.EqualTo(expected));
    }

    [Test]
    public void Page_StandsAlone()
    {
        string page = File.ReadAllText(Out("index.html"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Length, Is.LessThan(1_000_000));
            Assert.That(Regex.IsMatch(page, "(src|href)=\"(?!data:|[a-z0-9-]+\\.(png|json)\")"), Is.False, "something is loaded from elsewhere");
            Assert.That(page, Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("@import"));
            foreach (string heading in (string[])["What did it see?", "Where?", "Which parts of the model?", "Which head looks where?", "Can I trust it?"])
                Assert.That(page, Does.Contain($">{heading}</h"));
            Assert.That(Regex.Count(page, "data-head=\"\\d"), Is.EqualTo(24));
            Assert.That(Regex.Count(page, "<img"), Is.EqualTo(2 + 2 + 10));
        }
    }

    [Test]
    public void Page_EscapesTexts_AndTakesLongOnes()
    {
        string evil = "</script><img src=x onerror=alert(1)>\" & 'a duck'", longText = new string('x', 2000), arabic = "بطة في الغابة";
        string folder = s_folder.File("evil");
        CliRun.Good("explain", TestData.Demo("samples/duck-in-forest.png"), "--text", evil, "--text", longText, "--text", arabic, "--out", folder);
        string page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.That(page, Does.Not.Contain("<img src=x"));
        Assert.That(Regex.Count(page, "</script>"), Is.EqualTo(2), "the page's own two scripts end, and nothing else");
        Assert.That(page, Does.Contain(arabic));
    }

    [Test]
    public void WithoutTexts_TheModelsClassesAreUsed()
    {
        JsonElement found = CliRun.Results("explain", TestData.Demo("samples/duck-in-forest.png"));
        Assert.That(found.GetProperty("candidates").GetInt32(), Is.EqualTo(64));
        Assert.That(found.GetProperty("texts")[0].GetProperty("text").GetString(), Is.EqualTo("duck"));
        Assert.That(found.GetProperty("texts").GetArrayLength(), Is.EqualTo(5));
    }

    [Test]
    public void CenteredConvention_ChangesPartsButNotSums()
    {
        JsonElement even = s_root, root = CliRun.Results(
            "explain", TestData.Demo("samples/duck-in-forest.png"), "--text", "a duck in a forest", "--text", "a duck on water", "--centered");
        Assert.That(root.GetProperty("convention").GetString(), Is.EqualTo("centered"));
        Assert.That(root.GetProperty("embed")[0].GetSingle(), Is.Not.EqualTo(even.GetProperty("embed")[0].GetSingle()));
        for (int text = 0; text < 2; text++)
        {
            double cosine = root.GetProperty("texts")[text].GetProperty("cosine").GetDouble();
            Assert.That(cosine, Is.EqualTo(even.GetProperty("texts")[text].GetProperty("cosine").GetDouble()),
                "the picture's score is none of the convention's");
            IEnumerable<JsonElement> layers = root.GetProperty("attention").EnumerateArray().Concat(root.GetProperty("mlps").EnumerateArray());
            Assert.That(root.GetProperty("embed")[text].GetDouble() + layers.Sum(row => row[text].GetDouble()), Is.EqualTo(cosine).Within(1e-6));
        }
        Assert.That(root.GetProperty("completeness").GetProperty("scores").GetDouble(), Is.LessThanOrEqualTo(1e-6));
    }

    [Test]
    public void OneText_IsEnough() =>
        Assert.That(CliRun.Good("explain", TestData.Demo("samples/castle-sketch.png"), "--text", "a castle", "--out", s_folder.File("one")).Output,
            Does.Contain("1.0000"));
}

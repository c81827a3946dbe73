using System.Text.Json;
using ClipCore.Npy;

namespace ClipCore.Tests.Cli;

/// <summary>The commands that read and write arrays, against the reference's arrays and each other.</summary>
sealed class CommandTests
{
    TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    static string Model => TestData.Golden("models/tiny-gelu");

    static NpyArray<float> Golden(string name) => NpyFile.ReadSingle(TestData.Golden($"models/tiny-gelu/golden/{name}.npy"));

    static string Pixels => TestData.Golden("models/tiny-gelu/golden/pixels.npy");

    [Test]
    public void Decompose_WritesTheReferencesLayout([Values] bool heads)
    {
        string[] more = heads ? ["--heads"] : [];
        CliRun.Good(["decompose", "--pixels", Pixels, "--out", _folder.Path, "--model", Model, .. more]);
        AssertClose("attn.npy", Golden(heads ? "prs_attn_heads" : "prs_attn_spatial"));
        AssertClose("mlp.npy", Golden(heads ? "prs_mlp_heads" : "prs_mlp_spatial"));
        AssertClose("representation.npy", Golden("image_embed_normalized"));
    }

    [Test]
    public void Encode_WritesRepresentations()
    {
        CliRun.Good("encode", "--pixels", Pixels, "--out", _folder.File("images.npy"), "--model", Model);
        AssertClose("images.npy", Golden("image_embed_normalized"));
        CliRun.Good("encode", "--tokens", TestData.Golden("models/tiny-gelu/golden/text_ids.npy"), "--out", _folder.File("texts.npy"), "--model", Model);
        AssertClose("texts.npy", Golden("text_embed_normalized"));
    }

    [Test]
    public void Preprocess_GivesThePixelsThatEncodeTakes()
    {
        string sample = TestData.Demo("samples/three-apples.png");
        CliRun.Good("preprocess", sample, "--size", "96", "--out", _folder.File("pixels.npy"));
        NpyArray<float> pixels = NpyFile.ReadSingle(_folder.File("pixels.npy"));
        Assert.That(pixels.Shape, Is.EqualTo((int[])[3, 96, 96]));
        NpyFile.Write<float>(_folder.File("batch.npy"), pixels.Data, 1, 3, 96, 96);
        CliRun.Good("encode", "--pixels", _folder.File("batch.npy"), "--out", _folder.File("a.npy"));
        CliRun.Good("encode", sample, "--out", _folder.File("b.npy"));
        Assert.That(NpyFile.ReadSingle(_folder.File("a.npy")).Data, Is.EqualTo(NpyFile.ReadSingle(_folder.File("b.npy")).Data));
    }

    [Test]
    public void Tokenize_PrintsIds_FromArgumentsAndFromJson()
    {
        string direct = CliRun.Good("tokenize", "a duck in a forest", "two dogs").Output;
        string file = _folder.Write("texts.json", "[\"a duck in a forest\", \"two dogs\"]");
        Assert.That(CliRun.Good("tokenize", "--json", file).Output, Is.EqualTo(direct));
        using JsonDocument ids = JsonDocument.Parse(direct);
        Assert.That(ids.RootElement.GetArrayLength(), Is.EqualTo(2));
        using JsonDocument cut = JsonDocument.Parse(CliRun.Good("tokenize", "a duck in a forest", "--context", "3").Output);
        Assert.That(cut.RootElement[0].GetArrayLength(), Is.EqualTo(3));
        Assert.That(cut.RootElement[0][2].GetInt32(), Is.EqualTo(ids.RootElement[0].EnumerateArray().Last().GetInt32()), "the end token is kept");
    }

    [Test]
    public void Classify_FindsTheDuck_AndSavesItsClassifier()
    {
        string sample = TestData.Demo("samples/duck-in-forest.png");
        JsonElement found = CliRun.Results("classify", sample, "--save-classifier", _folder.File("classifier.npy")).GetProperty("images")[0];
        Assert.That(found.GetProperty("class").GetString(), Is.EqualTo("duck"));
        JsonElement again = CliRun.Results("classify", sample, "--classifier", _folder.File("classifier.npy")).GetProperty("images")[0];
        Assert.That(again.GetProperty("logits").GetRawText(), Is.EqualTo(found.GetProperty("logits").GetRawText()));
    }

    [Test]
    public void Info_TellsWhatTheModelIs()
    {
        JsonElement found = CliRun.Results("info", "--model", TestData.Golden("models/tiny-quickgelu-hf"));
        Assert.That(found.GetProperty("dialect").GetString(), Is.EqualTo("HuggingFace"));
        Assert.That(CliRun.Good("info").Output, Does.Contain("vision").And.Contain("tokenizer").And.Contain("parameters"));
    }

    [Test]
    public void EveryCommand_HasHelp_ThatSaysWhatItDoesAndTakes()
    {
        List<string> seen = [];
        Visit([]);
        Assert.That(seen, Is.SupersetOf((string[])["explain", "info", "run", "textspan", "segment", "reproduce", "verify", "bench", "pool check"]));
        Assert.That(seen, Has.Count.GreaterThanOrEqualTo(21));

        void Visit(string[] path)
        {
            string name = string.Join(' ', path), help = CliRun.Good([.. path, "--help"]).Output;
            if (path.Length > 0)
                seen.Add(name);
            string description = Section(help, "Description:").Trim();
            using (Assert.EnterMultipleScope())
            {
                Assert.That(description, Has.Length.GreaterThan(10), $"'{name}' says what it does");
                Assert.That(Section(help, "Usage:"), Does.Contain(name));
                Assert.That(Section(help, "Options:"), Does.Contain("--help"), name);
                foreach (string option in Entries(Section(help, "Options:")))
                    Assert.That(option, Does.Match("^-.*  +\\S"), $"'{name}': every option says what it is for");
            }
            foreach (string command in Entries(Section(help, "Commands:")))
                Visit([.. path, command.Split(' ')[0]]);
        }

        // A section goes on to the next line that is not indented.
        static string Section(string help, string title) => string.Join('\n',
            help.ReplaceLineEndings("\n").Split('\n').SkipWhile(line => line != title).Skip(1).TakeWhile(line => line.Length == 0 || line[0] == ' '));

        static IEnumerable<string> Entries(string section) =>
            section.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Length > 2 && line[2] != ' ').Select(line => line.Trim());
    }

    void AssertClose(string file, NpyArray<float> expected)
    {
        NpyArray<float> actual = NpyFile.ReadSingle(_folder.File(file));
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), file);
        for (int i = 0; i < expected.Data.Length; i++)
            Assert.That(actual.Data[i], Is.EqualTo(expected.Data[i]).Within(1e-6f), $"{file}, element {i}");
    }
}

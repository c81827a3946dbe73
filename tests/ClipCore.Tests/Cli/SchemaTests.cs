using System.Text.Json;
using ClipCore.Cli.Results;

namespace ClipCore.Tests.Cli;

/// <summary>Every command's JSON fits the schema that the program prints for it, and lies in the one envelope.</summary>
sealed class SchemaTests
{
    static readonly TemporaryFolder s_folder = new();

    static string Sample(string name) => TestData.Demo($"samples/{name}");

    static IEnumerable<TestCaseData> Runs()
    {
        string duck = Sample("duck-in-forest.png"), apples = Sample("three-apples.png"), birds = TestData.Demo("data/waterbirds");
        string[][] runs =
        [
            ["explain", duck, "--text", "a duck", "--text", "a swan"],
            ["explain", duck, apples, "--top", "2"],
            ["classify", duck, apples],
            ["encode", duck, "--text", "a duck", "--out", s_folder.File("encoded")],
            ["decompose", duck, "--by", "head", "--out", s_folder.File("decomposed")],
            ["retrieve", "--text", "a duck", "--count", "3", "--recall"],
            ["segment", duck, "--text", "a duck", "--text", "a forest"],
            ["run", birds, "--out", s_folder.File("store")],
            ["run", birds, "--out", s_folder.File("shard"), "--shard", "1/1"],
            ["merge", s_folder.File("shard"), "--out", s_folder.File("merged")],
            ["export", s_folder.File("store"), "--out", s_folder.File("arrays")],
            ["ablate", s_folder.File("store"), "--components", "L4.H3,*.MLP"],
            ["textspan", "--count", "2", "--rank", "32", "--random-draws", "1"],
            ["spurious", s_folder.File("store"), "--heads", "L4.H3", "--random-draws", "1"],
            ["heads", s_folder.File("store"), "--count", "2", "--rank", "32"],
            ["pool check", TestData.Demo("descriptions.txt")],
            ["info"],
            ["tokenize", "a duck"],
            ["preprocess", duck, "--size", "96", "--out", s_folder.File("pixels.npy")],
            ["verify", "--quick"],
            ["bench", "--seconds", "0.01", "--threads", "1"],
        ];
        return runs.Select(args => new TestCaseData((object)args)
            .SetName($"Json_OfCommand_FitsItsSchema({args[0]} {string.Join(' ', args.Skip(1).Select(Path.GetFileName))})"));
    }

    [OneTimeTearDown]
    public void Clean() => s_folder.Dispose();

    [TestCaseSource(nameof(Runs))]
    public void Json_OfCommand_FitsItsSchema(string[] args)
    {
        string name = args[0];
        CliRun run = CliRun.Good([.. name.Split(' '), .. args.Skip(1), "--json", "-"]);
        using JsonDocument json = JsonDocument.Parse(run.Output), schema = JsonDocument.Parse(CliRun.Good(["schema", .. name.Split(' ')]).Output);
        Assert.That(SchemaValidator.Faults(json.RootElement, schema.RootElement), Is.Empty);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(json.RootElement.EnumerateObject().Select(property => property.Name),
                Is.EqualTo((string[])["tool", "version", "command", "model", "data", "results"]));
            Assert.That(json.RootElement.GetProperty("tool").GetString(), Is.EqualTo("clipcore"));
            Assert.That(json.RootElement.GetProperty("command").GetString(), Is.EqualTo(name));
        }
    }

    [Test]
    public void Validator_FindsWhatDoesNotFit()
    {
        using JsonDocument schema = JsonDocument.Parse(CliRun.Good("schema", "tokenize").Output);
        string good = CliRun.Good("tokenize", "a duck", "--json", "-").Output;
        foreach ((string from, string to) in ((string, string)[])[
            ("\"context\"", "\"kontext\""), ("\"a duck\"", "7"), ("\"results\": {", "\"results\": { \"more\": 1,")])
        {
            Assert.That(good, Does.Contain(from));
            using JsonDocument bad = JsonDocument.Parse(good.Replace(from, to, StringComparison.Ordinal));
            Assert.That(SchemaValidator.Faults(bad.RootElement, schema.RootElement), Is.Not.Empty, to);
        }
    }

    [Test]
    public void EverySchema_IsCheckedByARun_OrBelongsToReproduce() => Assert.That(
        Schemas.Commands.Except(Runs().Select(run => ((string[])run.Arguments[0]!)[0])), Is.EquivalentTo((string[])["reproduce"]),
        "reproduce takes minutes: its own test checks its JSON");
}

using System.Text;
using ClipCore.Cli;
using ClipCore.Images;
using ClipCore.Tests.Cli;

namespace ClipCore.Tests.Readme;

/// <summary>What the README says is run: its commands, its code, its picture. Only its test command and native publish are left to the CI.</summary>
[NonParallelizable]
sealed class ReadmeTests
{
    const string ToolPrefix = "dotnet run -c Release --project tools/clipcore -- ", ShortPrefix = "clipcore ";

    static readonly string s_readme = File.ReadAllText(Path.Combine(TestData.Root, "README.md"));

    static string[] Commands() =>
    [
        .. Blocks("sh").SelectMany(block => block.Split('\n')).Select(line => line.Trim())
            .Where(line => line.StartsWith(ToolPrefix, StringComparison.Ordinal) || line.StartsWith(ShortPrefix, StringComparison.Ordinal)),
    ];

    [Test]
    public void FirstCommands_AreExplainAndTest()
    {
        string[] lines = [.. Blocks("sh").SelectMany(block => block.Split('\n')).Select(line => line.Trim())
            .Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal))];
        Assert.That(lines[0], Is.EqualTo(ToolPrefix
            + "explain weights/demo/samples/duck-in-forest.png --text \"a duck in a forest\" --text \"a duck on water\" --out explanation"));
        Assert.That(lines[1], Is.EqualTo("dotnet test -c Release"));
    }

    [Test]
    public void Commands_Run()
    {
        string before = Environment.CurrentDirectory;
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["weights", "tests"])
            Directory.CreateSymbolicLink(folder.File(name), Path.Combine(TestData.Root, name));
        Environment.CurrentDirectory = folder.Path;
        try
        {
            string[] commands = Commands();
            Assert.That(commands, Has.Length.GreaterThan(5));
            foreach (string line in commands)
            {
                string prefix = line.StartsWith(ToolPrefix, StringComparison.Ordinal) ? ToolPrefix : ShortPrefix;
                CliRun run = CliRun.Of(Split(line[prefix.Length..]));
                Assert.That(run.ExitCode, Is.Zero, $"{line}\n{run.Error}");
            }
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Test]
    public void LibrarySample_IsTheOneThatRuns()
    {
        string source = File.ReadAllText(Path.Combine(TestData.Root, "tests/ClipCore.Tests/Readme/LibrarySample.cs"));
        string sample = source.Split("// README begin\n")[1].Split("// README end")[0];
        sample = string.Join('\n', sample.Split('\n').Select(line => line.Length > 8 ? line[8..] : line.Trim())).Trim();
        Assert.That(Blocks("csharp").Single(), Does.EndWith(sample));

        string before = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        using StringWriter output = new();
        Environment.CurrentDirectory = TestData.Root;
        Console.SetOut(output);
        try
        {
            LibrarySample.Run();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }
        Assert.That(output.ToString(), Does.StartWith("0.930"));
        Assert.That(output.ToString(), Does.Contain("the 31 parts"));
    }

    [Test]
    public void Picture_IsTheOneTheProgramMakes()
    {
        using TemporaryFolder folder = new();
        CliRun.Good(
            "explain", TestData.Demo("samples/duck-in-forest.png"), "--text", "a duck in a forest", "--text", "a duck on water", "--out", folder.File("out"));
        Assert.That(s_readme, Does.Contain("(weights/demo/pictures/heads.png)"));
        DecodedImage made = ImageDecoder.Load(folder.File("out/heads.png")), shown = ImageDecoder.Load(TestData.Demo("pictures/heads.png"));
        Assert.That(made.Pixels, Is.EqualTo(shown.Pixels), "make the picture anew: the program draws another one now");
    }

    [Test]
    public void QuotedMeasurements_AreInTheResults()
    {
        string[] quoted = [.. s_readme.Split('\n').Where(line => line.StartsWith("| ViT-", StringComparison.Ordinal))];
        string[] printed =
            [.. Directory.GetFiles(Path.Combine(TestData.Root, "bench/results"), "*.md", SearchOption.AllDirectories).SelectMany(File.ReadAllLines)];
        Assert.That(quoted, Is.Not.Empty);
        Assert.That(quoted, Is.SubsetOf(printed));
    }

    [Test]
    public void Links_LeadToFiles()
    {
        foreach (string part in s_readme.Split("](").Skip(1))
        {
            string target = part[..part.IndexOf(')', StringComparison.Ordinal)];
            if (!target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'))
                Assert.That(Path.Exists(Path.Combine(TestData.Root, target)), target);
        }
    }

    static IEnumerable<string> Blocks(string language) =>
        s_readme.Split($"```{language}\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)].TrimEnd());

    /// <summary>Splits as a shell does: words, and quoted words.</summary>
    static string[] Split(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        char quote = '\0';
        bool hasWord = false;
        foreach (char c in line)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                hasWord = true;
            }
            else if (c == ' ' && quote == '\0')
            {
                if (hasWord)
                    words.Add(word.ToString());
                word.Clear();
                hasWord = false;
            }
            else if (c == '#' && quote == '\0' && !hasWord)
            {
                break;
            }
            else
            {
                word.Append(c);
                hasWord = true;
            }
        }
        if (hasWord)
            words.Add(word.ToString());
        return [.. words];
    }
}

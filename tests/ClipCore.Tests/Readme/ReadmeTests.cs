using ClipCore.Cli;
using ClipCore.Images;
using ClipCore.Tests.Cli;

namespace ClipCore.Tests.Readme;

/// <summary>What the README says is run: its commands, its code, its picture. Only its test command and native publish are left to the CI.</summary>
[NonParallelizable]
sealed class ReadmeTests
{
    const string ToolPrefix = "dotnet run -c Release --project tools/clipcore -- ", ShortPrefix = "clipcore ";

    static readonly ReadmeText s_readme = new("README.md");

    [Test]
    public void FirstCommands_AreExplainAndTest()
    {
        string[] lines = s_readme.Commands("dotnet ");
        Assert.That(lines[0], Is.EqualTo(ToolPrefix
            + "explain weights/demo/samples/duck-in-forest.png --text \"a duck in a forest\" --text \"a duck on water\" --out explanation"));
        Assert.That(lines[1], Is.EqualTo("dotnet test -c Release"));
    }

    [Test]
    public void Commands_Run() => ReadmeText.InTemporaryFolder(() =>
    {
        string[] commands = s_readme.Commands(ToolPrefix, ShortPrefix);
        Assert.That(commands, Has.Length.GreaterThan(5));
        foreach (string line in commands)
        {
            string prefix = line.StartsWith(ToolPrefix, StringComparison.Ordinal) ? ToolPrefix : ShortPrefix;
            CliRun run = CliRun.Of(ShellWords.Split(line[prefix.Length..]));
            Assert.That(run.ExitCode, Is.Zero, $"{line}\n{run.Error}");
        }
    });

    [Test]
    public void LibrarySample_IsTheOneThatRuns()
    {
        Assert.That(s_readme.Blocks("csharp").Single(), Does.EndWith(ReadmeText.Samples("LibrarySample.cs").Single()));
        string output = ReadmeText.InTemporaryFolder(LibrarySample.Run);
        Assert.That(output, Does.StartWith("0.930"));
        Assert.That(output, Does.Contain("the 31 parts"));
    }

    [Test]
    public void Picture_IsTheOneTheProgramMakes()
    {
        using TemporaryFolder folder = new();
        CliRun.Good(
            "explain", TestData.Demo("samples/duck-in-forest.png"), "--text", "a duck in a forest", "--text", "a duck on water", "--out", folder.File("out"));
        Assert.That(s_readme.Text, Does.Contain("(weights/demo/pictures/heads.png)"));
        DecodedImage made = ImageDecoder.Load(folder.File("out/heads.png")), shown = ImageDecoder.Load(TestData.Demo("pictures/heads.png"));
        Assert.That(made.Pixels, Is.EqualTo(shown.Pixels), "make the picture anew: the program draws another one now");
    }

    [Test]
    public void QuotedMeasurements_AreInTheResults()
    {
        string[] quoted = [.. s_readme.Text.Split('\n').Where(line => line.StartsWith("| ViT-", StringComparison.Ordinal))];
        string[] printed =
            [.. Directory.GetFiles(Path.Combine(TestData.Root, "bench/results"), "*.md", SearchOption.AllDirectories).SelectMany(File.ReadAllLines)];
        Assert.That(quoted, Is.Not.Empty);
        Assert.That(quoted, Is.SubsetOf(printed));
    }

    [Test]
    public void Links_LeadToFiles() => s_readme.CheckLinks();
}

using ClipCore.Tests.Cli;

namespace ClipCore.Tests.Readme;

/// <summary>The reference of the commands in the tool's README is the one that the commands give, and its examples run.</summary>
[NonParallelizable]
sealed class CommandReferenceTests
{
    const string Begin = "<!-- made from the commands: begin -->\n", End = "<!-- made from the commands: end -->\n", Accept = "CLIPCORE_ACCEPT_DOCS";

    static readonly string s_path = Path.Combine(TestData.Root, "tools/clipcore/README.md");

    [Test]
    public void Reference_IsMadeFromTheCommands()
    {
        string[] parts = File.ReadAllText(s_path).Split(Begin);
        string[] rest = parts[1].Split(End);
        string expected = $"\n{CommandReference.Render()}\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1" && rest[0] != expected)
            File.WriteAllText(s_path, $"{parts[0]}{Begin}{expected}{End}{rest[1]}");
        else
            Assert.That(rest[0], Is.EqualTo(expected), $"a command changed: {Accept}=1 writes its reference anew");
    }

    [Test]
    public void Examples_Run() => ReadmeText.InTemporaryFolder(() =>
    {
        foreach (string line in CommandReference.Examples)
        {
            CliRun run = CliRun.Of(ShellWords.Split(line["clipcore ".Length..]));
            Assert.That(run.ExitCode, Is.Zero, $"{line}\n{run.Error}");
        }
    });
}

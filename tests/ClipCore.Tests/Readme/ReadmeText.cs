namespace ClipCore.Tests.Readme;

/// <summary>A README of the repository, and the sources whose samples it shows.</summary>
sealed class ReadmeText(string path)
{
    const string Begin = "// README begin\n", End = "// README end\n";

    /// <summary>The whole text.</summary>
    public string Text { get; } = File.ReadAllText(Path.Combine(TestData.Root, path));

    /// <summary>The contents of its blocks of one language, in order.</summary>
    public IEnumerable<string> Blocks(string language) =>
        Text.Split($"```{language}\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)].TrimEnd());

    /// <summary>The lines of its shell blocks that begin with one of some prefixes.</summary>
    public string[] Commands(params string[] prefixes) =>
    [
        .. Blocks("sh").SelectMany(block => block.Split('\n')).Select(line => line.Trim())
            .Where(line => prefixes.Any(prefix => line.StartsWith(prefix, StringComparison.Ordinal))),
    ];

    /// <summary>Fails where a link leads nowhere.</summary>
    public void CheckLinks()
    {
        string folder = Path.GetDirectoryName(Path.Combine(TestData.Root, path))!;
        foreach (string part in Text.Split("](").Skip(1))
        {
            string target = part[..part.IndexOf(')', StringComparison.Ordinal)].Split('#')[0];
            if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
                Assert.That(Path.Exists(Path.Combine(folder, target)), $"{path}: {target}");
        }
    }

    /// <summary>The samples that a source marks, in order, without their indentation.</summary>
    public static IEnumerable<string> Samples(string source)
    {
        string text = File.ReadAllText(Path.Combine(TestData.Root, "tests/ClipCore.Tests/Readme", source));
        foreach (string part in text.Split(Begin).Skip(1))
        {
            string[] lines = part.Split(End)[0].TrimEnd().Split('\n');
            int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
            yield return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : ""));
        }
    }

    /// <summary>Runs something in a temporary folder in which the repository's weights and tests are.</summary>
    /// <param name="run">What to run.</param>
    /// <returns>What it printed on the console.</returns>
    public static string InTemporaryFolder(Action run)
    {
        string before = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        using TemporaryFolder folder = new();
        using StringWriter output = new();
        foreach (string name in (string[])["weights", "tests"])
            Directory.CreateSymbolicLink(folder.File(name), Path.Combine(TestData.Root, name));
        Environment.CurrentDirectory = folder.Path;
        Console.SetOut(output);
        try
        {
            run();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }
        return output.ToString();
    }
}

using System.CommandLine;
using System.Runtime.InteropServices;
using ClipCore.Cli;

namespace ClipCore.Tests.Cli;

/// <summary>The command line itself: help, suggestions, completion, empty values, exit codes, and what an interrupted command leaves behind.</summary>
sealed class CommandLineTests
{
    const int MostColumns = 160;

    TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    static string Sample => TestData.Demo("samples/duck-in-forest.png");

    /// <summary>All commands that do something, with the words that call them.</summary>
    static IEnumerable<(Command Command, string[] Words)> Commands() => CommandLine.CreateRoot().Subcommands.SelectMany(command =>
        command.Subcommands.Count > 0 ? command.Subcommands.Select(sub => (sub, (string[])[command.Name, sub.Name])) : [(command, [command.Name])]);

    [Test]
    public void NothingAsked_PrintsHelp()
    {
        CliRun run = CliRun.Good();
        Assert.That(run.Output, Is.EqualTo(CliRun.Good("--help").Output));
        Assert.That(run.Error, Is.Empty);
        foreach ((_, string[] words) in Commands())
            Assert.That(run.Output, Does.Contain($"\n  {words[0]}"));
        Assert.That(run.Output, Does.Contain("  clipcore [command] [options]"), "the program's own name, whatever file it runs from");
        Assert.That(CliRun.Good("explain", "--help").Output, Does.Contain("  clipcore explain [<image>...] [options]"));
    }

    [Test]
    public void Summaries_AreOneLineEach()
    {
        foreach (Command command in CommandLine.CreateRoot().Subcommands.Concat(Commands().Select(one => one.Command)))
            Assert.That(command.Description, Has.Length.InRange(20, MostColumns).And.Not.Contains("\n").And.EndsWith("."), command.Name);
        foreach (string line in CliRun.Good("--help").Output.Split('\n'))
            Assert.That(line.TrimEnd(), Has.Length.LessThanOrEqualTo(MostColumns), line);
    }

    [Test]
    public void Help_SaysEachDefaultOnce()
    {
        foreach ((Command command, string[] words) in Commands())
        {
            Assert.That(CliRun.Good([.. words, "--help"]).Output, Does.Not.Contain("[default:"), command.Name);
            foreach (Option option in command.Options.Where(
                option => option.HasDefaultValue && option.ValueType.IsValueType && option.ValueType != typeof(bool)))
                if (option.GetDefaultValue() is { } value)
                    Assert.That(
                        option.Description, Does.Contain(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"(default {value}")),
                        $"{command.Name} {option.Name}");
        }
    }

    [TestCase("explain", "explian")]
    [TestCase("ablate", "ablte", "x")]
    [TestCase("check", "pool", "chekc", "x")]
    [TestCase("--weights", "info", "--weigths", "f16")]
    [TestCase("--text", "explain", "a.png", "--txet", "a duck")]
    [TestCase("--class", "classify", "a.png", "--clas", "duck")]
    public void MisspeltWord_GetsTheNearestOne(string meant, params string[] words)
    {
        string error = CliRun.Bad("Did you mean", words);
        Assert.That(error, Does.Match($"Did you mean ([a-z-]+ or )*{meant}( or [a-z-]+)*\\?"));
        Assert.That(error, Does.Not.Contain("--vision-only"), "options that help does not show are not suggested");
    }

    [TestCase("info --zzzzzzzz")]
    [TestCase("zzzzzzzz")]
    [TestCase("pool")]
    [TestCase("explain --top")]
    [TestCase("explain a.png --top two")]
    [TestCase("merge")]
    public void WordsThatCannotBe_AreOneLine_ThatNamesTheHelp(string line) => CliRun.Bad(" --help'.", line.Split(' '));

    [TestCase("clipcore expl", "explain")]
    [TestCase("clipcore explain --te", "--text", "--texts", "--templates")]
    [TestCase("clipcore encode --weights ", "f32", "f16", "bf16")]
    [TestCase("clipcore decompose --by ", "patch", "head", "layer")]
    [TestCase("clipcore pool ", "check")]
    [TestCase("clipcore completion ", "bash", "zsh", "fish", "pwsh")]
    [TestCase("clipcore schema pool", "pool check")]
    public void Suggestions_AreWhatFits(string line, params string[] expected)
    {
        string[] found = CliRun.Good($"[suggest:{line.Length}]", line).Output.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.That(found.Where(word => word[0] != '-' || line.EndsWith("--te", StringComparison.Ordinal)), Is.EquivalentTo(expected));
    }

    [Test]
    public void Suggestions_LeaveOldNamesOut()
    {
        const string Line = "clipcore decompose --";
        string[] found = CliRun.Good($"[suggest:{Line.Length}]", Line).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(found, Has.Member("--by").And.Member("--json").And.No.Member("--heads").And.No.Member("--vision-only"));
    }

    [TestCase("bash", "complete -o filenames -F _clipcore clipcore")]
    [TestCase("zsh", "compdef _clipcore clipcore")]
    [TestCase("fish", "complete -c clipcore")]
    [TestCase("pwsh", "Register-ArgumentCompleter -Native -CommandName clipcore")]
    public void CompletionScripts_AskTheProgram(string shell, string line)
    {
        string script = CliRun.Good("completion", shell).Output;
        Assert.That(script, Does.Contain(line).And.Contain("[suggest:").And.StartWith("# clipcore completion for"));
        CliRun.Bad("'bash'", "completion", "tcsh");
    }

    [Test]
    public void CompletionOfBash_CompletesALine()
    {
        if (!File.Exists("/bin/bash"))
            Assert.Ignore("There is no bash on this machine: skipped.");
        CliProcess.Write(_folder, "clipcore");
        string script = _folder.Write("complete.sh", $$"""
            PATH="{{_folder.Path}}:$PATH"
            {{CliRun.Good("completion", "bash").Output}}
            COMP_LINE="clipcore explain --te"
            COMP_POINT=${#COMP_LINE}
            COMP_WORDS=(clipcore explain --te)
            COMP_CWORD=2
            _clipcore
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        (int code, string output, string error) = CliProcess.Run("/bin/bash", script);
        Assert.That(code, Is.Zero, error);
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EquivalentTo((string[])["--text", "--texts", "--templates"]), error);
    }

    [Test]
    public void EmptyValue_OfAnyOption_IsRefused_BeforeAnythingIsDone()
    {
        int seen = 0;
        foreach ((Command command, string[] words) in Commands())
            foreach (Option option in command.Options.Where(option => option.ValueType != typeof(bool) && option.Name != "--help"))
            {
                CliRun.Bad($"{option.Name} is empty", [.. words, option.Name, ""]);
                CliRun.Bad("clipcore: ", [.. words, $"{option.Name}="]);
                seen++;
            }
        Assert.That(seen, Is.GreaterThan(200));
    }

    [TestCase("explain", "")]
    [TestCase("classify", "")]
    [TestCase("encode", "", "--out", "x.npy")]
    [TestCase("decompose", "", "--out", "x")]
    [TestCase("retrieve", "", "--text", "a duck")]
    [TestCase("segment", "")]
    [TestCase("run", "", "--out", "x")]
    [TestCase("merge", "", "--out", "x")]
    [TestCase("export", "", "--out", "x")]
    [TestCase("ablate", "")]
    [TestCase("textspan", "")]
    [TestCase("spurious", "")]
    [TestCase("heads", "")]
    [TestCase("pool", "check", "")]
    [TestCase("preprocess", "", "--out", "x.npy")]
    public void EmptyArgument_ThatNamesAPath_IsRefused(params string[] args)
    {
        string before = Environment.CurrentDirectory;
        CliRun.Bad("is empty", args);
        Assert.That(Path.Exists(Path.Combine(before, "x")) || Path.Exists(Path.Combine(before, "x.npy")), Is.False);
    }

    [Test]
    public void PathsFromStdin_AreReadLineByLine()
    {
        string copy = _folder.Write("with space.png", File.ReadAllBytes(Sample));
        TextReader before = Console.In;
        try
        {
            foreach (string[] command in (string[][])[
                ["classify"], ["encode", "--out", _folder.File("e.npy")], ["decompose", "--by", "layer", "--out", _folder.File("d")]])
            {
                Console.SetIn(new StringReader($"{Sample}\n\n{copy}\r\n"));
                Assert.That(CliRun.Results([.. command, "-"]).GetProperty("images").GetArrayLength(), Is.EqualTo(2), command[0]);
            }
            Console.SetIn(new StringReader($"{Sample}\n{copy}\n"));
            Assert.That(CliRun.Results("explain", "-", "--text", "a duck").GetProperty("images").GetArrayLength(), Is.EqualTo(2));
            Console.SetIn(new StringReader("\n"));
            CliRun.Bad("stdin named no image", "classify", "-");
        }
        finally
        {
            Console.SetIn(before);
        }
    }

    [Test]
    public void FaultOfTheProgram_Is70_OnOneLine()
    {
        using StringWriter error = new();
        int code = CommandLine.Run(["tokenize", "a duck"], new BrokenWriter(), error);
        Assert.That(code, Is.EqualTo(ExitCode.Internal));
        Assert.That(error.ToString(), Does.StartWith("clipcore: internal error").And.Contain("NullReferenceException"));
        Assert.That(error.ToString().TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("run", "DATA", "--out", "OUT")]
    [TestCase("encode", "DATA", "--out", "OUT")]
    [TestCase("decompose", "DATA", "--out", "OUT")]
    [TestCase("explain", "DATA", "--text", "a duck", "--out", "OUT")]
    [TestCase("segment", "DATA", "--out", "OUT")]
    [TestCase("classify", "DATA", "--json", "OUT")]
    [TestCase("ablate", "--json", "OUT")]
    [TestCase("textspan", "--plot", "OUT", "--json", "OUT")]
    [TestCase("spurious", "--json", "OUT")]
    [TestCase("heads", "--json", "OUT")]
    [TestCase("retrieve", "--text", "a duck", "--page", "OUT")]
    [TestCase("reproduce", "--out", "OUT")]
    [TestCase("tokenize", "a duck", "--json", "OUT")]
    [TestCase("verify", "--out", "OUT")]
    [TestCase("bench", "--json", "OUT")]
    public void Interrupted_LeavesNothing_AndTellsTheShell(params string[] args)
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        string[] words = [.. args.Select(word => word == "DATA" ? TestData.Demo("data/waterbirds") : word == "OUT" ? _folder.File("out") : word)];
        using StringWriter output = new(), error = new();
        Assert.That(CommandLine.Run(words, output, error, source.Token), Is.EqualTo(ExitCode.Interrupted), error.ToString());
        Assert.That(CommandLine.Run(words, output, error, source.Token, () => ExitCode.Terminated), Is.EqualTo(ExitCode.Terminated), error.ToString());
        Assert.That(error.ToString(), Does.StartWith("clipcore: interrupted"));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);
    }

    [TestCase(PosixSignal.SIGTERM, ExitCode.Terminated)]
    [TestCase(PosixSignal.SIGINT, ExitCode.Interrupted)]
    [CancelAfter(120_000)]
    public void Signal_EndsARunInOrder_AndTheNextGoesOnToTheSameBits(PosixSignal signal, int expected, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no such signals.");
        string store = _folder.File("store"), whole = _folder.File("whole");
        string[] args = ["run", TestData.Demo("data/waterbirds"), "--threads", "1", "--out", store];
        using System.Diagnostics.Process process = CliProcess.Start(args);
        while (!File.Exists(Path.Combine(store, "block-000001.safetensors")))
        {
            Assert.That(process.HasExited, Is.False);
            cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(5);
        }
        Assert.That(CliProcess.Run("/bin/kill", $"-{(signal == PosixSignal.SIGTERM ? "TERM" : "INT")}", $"{process.Id}").ExitCode, Is.Zero);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(expected), process.StandardError.ReadToEnd());
        Assert.That(Directory.GetFiles(store, "*.tmp").Concat(Directory.GetFiles(store, "*.lock")), Is.Empty);
        CliRun.Bad("not complete", "ablate", store);
        CliRun.Good(args);
        CliRun.Good([.. args[..^1], whole]);
        Assert.That(Directory.GetFiles(store).Select(Path.GetFileName), Is.EquivalentTo(Directory.GetFiles(whole).Select(Path.GetFileName)));
        foreach (string path in Directory.GetFiles(whole))
            Assert.That(File.ReadAllBytes(Path.Combine(store, Path.GetFileName(path))), Is.EqualTo(File.ReadAllBytes(path)), Path.GetFileName(path));
    }

    [Test]
    public void Segment_OfMorePicturesThanFilesMayBeOpen_WritesThemAll()
    {
        if (!File.Exists("/bin/bash"))
            Assert.Ignore("There is no bash on this machine: skipped.");
        string list = _folder.Write(
            "list.csv", "image\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"{TestData.Demo($"data/waterbirds/{i:0000}.png")}\n")));
        string program = CliProcess.Write(_folder, "clipcore");
        (int code, _, string error) = CliProcess.Run(
            "/bin/bash", "-c", $"ulimit -n 300; '{program}' segment '{list}' --text 'a duck' --text 'a forest' --out '{_folder.File("masks")}'");
        Assert.That(code, Is.Zero, error);
        Assert.That(Directory.GetFiles(_folder.File("masks")), Has.Length.EqualTo(400));
    }

    /// <summary>Fails at the first line, as no writer of the framework does.</summary>
    sealed class BrokenWriter : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => throw new NullReferenceException("broken");
    }
}

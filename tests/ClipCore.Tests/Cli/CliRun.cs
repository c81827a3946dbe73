using System.Text.Json;
using ClipCore.Cli;

namespace ClipCore.Tests.Cli;

/// <summary>One run of the command line, inside the test's process.</summary>
sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static CliRun Of(params string[] args)
    {
        using StringWriter output = new(), error = new();
        return new CliRun(CommandLine.Run(args, output, error), output.ToString(), error.ToString());
    }

    /// <summary>A run that must succeed.</summary>
    public static CliRun Good(params string[] args)
    {
        CliRun run = Of(args);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        return run;
    }

    /// <summary>What a run that must succeed gives to programs, without its envelope.</summary>
    public static JsonElement Results(params string[] args) => ResultsIn(Good([.. args, "--json", "-"]).Output);

    /// <summary>The results in an envelope of JSON.</summary>
    public static JsonElement ResultsIn(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("results").Clone();
    }

    /// <summary>A run that must end with one line that mentions something, and exit code 2.</summary>
    public static string Bad(string mention, params string[] args)
    {
        CliRun run = Of(args);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(ClipCore.Cli.ExitCode.BadInput), run.Error);
            Assert.That(run.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1), run.Error);
            Assert.That(run.Error, Does.Contain(mention));
            Assert.That(run.Error, Does.Not.Contain("   at "));
        }
        return run.Error;
    }
}

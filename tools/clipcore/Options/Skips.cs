using System.CommandLine;
using ClipCore.Cli.Results;
using ClipCore.DataSets;

namespace ClipCore.Cli.Options;

/// <summary>Inputs that were skipped: listed on stderr, in the results, and in the exit code.</summary>
static class Skips
{
    const int Shown = 20;

    /// <summary>For results.</summary>
    public static SkippedInput[] Of(IReadOnlyList<SkippedImage> skipped) => [.. skipped.Select(image => new SkippedInput(image.Name, image.Reason))];

    /// <summary>Lists them on stderr.</summary>
    public static void Tell(ParseResult result, IReadOnlyList<SkippedImage> skipped)
    {
        TextWriter error = result.InvocationConfiguration.Error;
        foreach (SkippedImage image in skipped.Take(Shown))
            error.WriteLine($"skipped: {(image.Reason.Contains(image.Name, StringComparison.Ordinal) ? image.Reason : $"{image.Name}: {image.Reason}")}");
        if (skipped.Count > Shown)
            error.WriteLine($"skipped: {skipped.Count - Shown} more");
    }

    /// <summary>The exit code that belongs to it.</summary>
    public static int Code(int skipped) => skipped > 0 ? ExitCode.Partly : ExitCode.Done;
}

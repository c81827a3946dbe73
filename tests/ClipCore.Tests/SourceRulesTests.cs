using System.Diagnostics;
using System.Text.RegularExpressions;
using ClipCore.Tests.House;

namespace ClipCore.Tests;

/// <summary>Rules of the house that no compiler checks: they read the sources.</summary>
sealed partial class SourceRulesTests
{
    static readonly string[] s_insiders = ["ClipCore.Tests", "ClipCore.Benchmarks", "ClipCore.Peers"];

    static readonly string[] s_unsafeRooms = ["Lanes", "Memory", "Threads", "Numerics", "Files", "Model", "Decomposition"];

    static IEnumerable<(string Path, string Text)> Sources(string folder) => SourceTree.Files(folder);

    static string Room(string path) => path.Split('/') is [_, _, string room, _, ..] ? room : "";

    static void Forbid(IEnumerable<(string Path, string Text)> sources, Regex pattern, string why)
    {
        string[] found =
        [
            .. sources.SelectMany(source => source.Text.Split('\n').Select((line, i) => (source.Path, Line: line, Number: i + 1)))
                .Where(line => !line.Line.TrimStart().StartsWith("//", StringComparison.Ordinal) && pattern.IsMatch(line.Line))
                .Select(line => $"{line.Path}:{line.Number}: {line.Line.Trim()}"),
        ];
        Assert.That(found, Is.Empty, why);
    }

    [Test]
    public void NumericPaths_CallNoTranscendentalOfThePlatform() => Forbid(
        Sources("src"), Transcendental(), "the platform's exp and the like differ between machines: use Elementary");

    [Test]
    public void NumericPaths_CallNoLibraryReduction() => Forbid(
        Sources("src"), LibraryReduction(), "library reductions sum in an order that depends on the machine: use Reductions, or a loop in order");

    [Test]
    public void NumericPaths_SumNoFloatsInParallel() => Forbid(
        Sources("src"), ParallelLoop(), "parallel loops of the library have no fixed order: use ThreadTeam");

    [Test]
    public void OnlyLanes_KnowsWidths() => Forbid(
        Sources("src").Where(source => Room(source.Path) != "Lanes" && source.Path != "src/ClipCore/Numerics/Kernels.cs"), Width(),
        "only Lanes may ask for a register width (Kernels.For is the one switch on it)");

    [Test]
    public void UnsafeCode_StaysInItsRooms() => Forbid(
        Sources("src").Where(source => !source.Path.StartsWith("src/ClipCore/", StringComparison.Ordinal) || !s_unsafeRooms.Contains(Room(source.Path))),
        UnsafeCode(),
        "unsafe code stays in its rooms");

    [Test]
    public void Decimals_DoNotDependOnCulture()
    {
        string project = File.ReadAllText(Path.Combine(TestData.Root, "Directory.Build.props"));
        Assert.That(project, Does.Contain("<InvariantGlobalization>true</InvariantGlobalization>"), "the products run with the invariant culture");
        Forbid(Sources("src"), ParseWithoutCulture(), "decimals are read with CultureInfo.InvariantCulture");
    }

    [Test]
    public void Internals_AreVisibleToTestsAndBenchesOnly()
    {
        string[] found =
        [
            .. ((string[])["src", "tools"])
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(TestData.Root, folder), "*.csproj", SearchOption.AllDirectories))
                .SelectMany(path => Insider().Matches(File.ReadAllText(path)).Select(match => (Path.GetFileName(path), Name: match.Groups[1].Value)))
                .Where(insider => !s_insiders.Contains(insider.Name))
                .Select(insider => $"{insider.Item1} lets {insider.Name} in"),
        ];
        Assert.That(found, Is.Empty, "a tool stands on the public API; what it lacks there is missing for everyone");
        Assert.That(Sources("src").Concat(Sources("tools")).Where(source => source.Text.Contains("InternalsVisibleTo(", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Library_HasItsTwoPackagesOnly()
    {
        string[] packages = [.. PackageReference().Matches(File.ReadAllText(Path.Combine(TestData.Root, "src/ClipCore/ClipCore.csproj")))
            .Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        Assert.That(packages, Is.EqualTo((string[])["StbImageSharp", "System.Numerics.Tensors"]));
    }

    [Test]
    public void TopLevel_HoldsOnlyWhatBelongsThere()
    {
        string[] allowed =
        [
            ".ci", ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "ClipCore.sln", "Directory.Build.props",
            "Directory.Packages.props", "LICENSE", "NOTICE", "README.md", "bench", "global.json", "src", "tests", "tools", "weights",
        ];
        ProcessStartInfo start = new("git") { WorkingDirectory = TestData.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["ls-tree", "--name-only", "HEAD"])
            start.ArgumentList.Add(argument);
        string[] names = [];
        try
        {
            using Process git = Process.Start(start)!;
            names = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (System.ComponentModel.Win32Exception)
        {
        }
        if (names.Length == 0)
            Assert.Ignore("There is no git, or these sources are not a clone: skipped.");
        Assert.That(names, Is.SubsetOf(allowed));
    }

    [Test]
    public void Files_AreShort_AndHaveNoLeftovers()
    {
        const int MostLines = 500;
        foreach ((string path, string text) in Sources("src").Concat(Sources("tools")))
        {
            Assert.That(text.Count(c => c == '\n'), Is.LessThanOrEqualTo(MostLines), $"{path} is too long for one subject");
            Assert.That(Leftover().IsMatch(text), Is.False, $"{path} has a leftover mark");
        }
    }

    [GeneratedRegex(@"\bMathF?\.(Exp|Exp2|Log|Log2|Log10|Pow|Sin|Cos|Tan|Sinh|Cosh|Tanh|Asin|Acos|Atan|Atan2|Cbrt)\("
        + @"|\b(float|double|Half)\.(Exp|Log|Pow|Sin|Cos|Tan|Tanh|Cbrt|RootN|Hypot)\w*\(")]
    private static partial Regex Transcendental();

    [GeneratedRegex(@"TensorPrimitives\.(?!ConvertTo)|\bVector(64|128|256|512)?\.(Sum|Dot)\(|\bVector<|Tensor\.(Sum|Dot|Norm|Average|SoftMax)"
        + @"|EstimateSqrt|Reciprocal\w*Estimate|ReciprocalSqrt|MultiplyAddEstimate")]
    private static partial Regex LibraryReduction();

    [GeneratedRegex(@"Parallel\.For|\.AsParallel\(|ParallelEnumerable")]
    private static partial Regex ParallelLoop();

    [GeneratedRegex(@"Vector(64|128|256|512)[<.]|\bX86\b|\bArm\b|IsHardwareAccelerated|\bAvx|\bSse|AdvSimd")]
    private static partial Regex Width();

    [GeneratedRegex(@"\bunsafe\b|\bfixed \(|stackalloc\b.*\*|Unsafe\.")]
    private static partial Regex UnsafeCode();

    [GeneratedRegex(@"\b(float|double|decimal|Half)\.(Try)?Parse\((?!.*InvariantCulture)")]
    private static partial Regex ParseWithoutCulture();

    [GeneratedRegex("InternalsVisibleTo Include=\"([^\"]+)\"")]
    private static partial Regex Insider();

    [GeneratedRegex("PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex PackageReference();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|/work/|\.\./shared")]
    private static partial Regex Leftover();
}

using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ClipCore.Tests;

/// <summary>Rules of the house that no compiler checks: they read the sources.</summary>
sealed partial class SourceRulesTests
{
    // Each room may use those on its left, and what is listed as depending on nothing. The front door may use all.
    static readonly Dictionary<string, string[]> s_rooms = new()
    {
        ["Lanes"] = [],
        ["Memory"] = ["Lanes"],
        ["Npy"] = ["Memory", "Safetensors"],
        ["Safetensors"] = ["Memory"],
        ["Images"] = [""],
        ["Text"] = [""],
        ["Numerics"] = ["Lanes", "Memory"],
        ["Model"] = ["Lanes", "Memory", "Numerics", "Safetensors", "Images", "Text"],
        ["Decomposition"] = ["Lanes", "Memory", "Numerics", "Safetensors", "Npy", "Model"],
        ["TextSpan"] = ["Lanes", "Decomposition", "Numerics", "Npy", "Model"],
        ["Ablation"] = ["Decomposition", "Numerics", "Npy", "Model", "TextSpan"],
        ["Retrieval"] = ["Decomposition", "Numerics", "Npy", "Model"],
        ["Segmentation"] = ["Decomposition", "Numerics", "Npy", "Model", "Images", "Lanes", "Memory"],
    };

    // Pictures are decoded each by itself: nothing is summed.
    static readonly string[] s_parallelDecoders = ["src/ClipCore/DataSets/PixelLoader.cs"];

    static readonly string[] s_unsafeRooms = ["Lanes", "Numerics", "Memory", "Model", "Decomposition", "Safetensors", "Segmentation"];

    static IEnumerable<(string Path, string Text)> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(TestData.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(path => (Path.GetRelativePath(TestData.Root, path).Replace('\\', '/'), File.ReadAllText(path)));

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
        Sources("src").Where(source => !s_parallelDecoders.Contains(source.Path)), ParallelLoop(), "parallel loops of the library have no fixed order: use ThreadTeam");

    [Test]
    public void OnlyLanes_KnowsWidths() => Forbid(
        Sources("src").Where(source => Room(source.Path) != "Lanes" && source.Path != "src/ClipCore/Numerics/Kernels.cs"), Width(), "only Lanes may ask for a register width (Kernels.For is the one switch on it)");

    [Test]
    public void UnsafeCode_StaysInItsRooms() => Forbid(
        Sources("src").Where(source => Room(source.Path) is { Length: > 0 } room && !s_unsafeRooms.Contains(room)), UnsafeCode(), "unsafe code stays in its rooms");

    [Test]
    public void Decimals_DoNotDependOnCulture()
    {
        string project = File.ReadAllText(Path.Combine(TestData.Root, "Directory.Build.props"));
        Assert.That(project, Does.Contain("<InvariantGlobalization>true</InvariantGlobalization>"), "the products run with the invariant culture");
        Forbid(Sources("src"), ParseWithoutCulture(), "decimals are read with CultureInfo.InvariantCulture");
    }

    [Test]
    public void Rooms_UseOnlyTheRoomsBelowThem()
    {
        List<string> found = [];
        foreach ((string path, string text) in Sources("src"))
        {
            string room = Room(path);
            if (room.Length == 0)
                continue;
            Assert.That(s_rooms.ContainsKey(room), $"{path}: give the room {room} its place in this test's table");
            foreach (Match use in UsingRoom().Matches(text))
                if (use.Groups[1].Value != room && !s_rooms[room].Contains(use.Groups[1].Value))
                    found.Add($"{path} uses {use.Groups[1].Value}");
        }
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Library_HasItsTwoPackagesOnly()
    {
        string[] packages = [.. PackageReference().Matches(File.ReadAllText(Path.Combine(TestData.Root, "src/ClipCore/ClipCore.csproj"))).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        Assert.That(packages, Is.EqualTo((string[])["StbImageSharp", "System.Numerics.Tensors"]));
    }

    [Test]
    public void TopLevel_HoldsOnlyWhatBelongsThere()
    {
        string[] allowed =
        [
            ".ci", ".editorconfig", ".gitignore", "ClipCore.sln", "Directory.Build.props", "Directory.Packages.props", "LICENSE", "README.md", "bench", "global.json", "src", "tests", "tools", "weights",
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

    [GeneratedRegex(@"\bMathF?\.(Exp|Exp2|Log|Log2|Log10|Pow|Sin|Cos|Tan|Sinh|Cosh|Tanh|Asin|Acos|Atan|Atan2|Cbrt)\(|\b(float|double|Half)\.(Exp|Log|Pow|Sin|Cos|Tan|Tanh|Cbrt|RootN|Hypot)\w*\(")]
    private static partial Regex Transcendental();

    [GeneratedRegex(@"TensorPrimitives\.(?!ConvertTo)|\bVector(64|128|256|512)?\.(Sum|Dot)\(|\bVector<|Tensor\.(Sum|Dot|Norm|Average|SoftMax)|EstimateSqrt|Reciprocal\w*Estimate|ReciprocalSqrt|MultiplyAddEstimate")]
    private static partial Regex LibraryReduction();

    [GeneratedRegex(@"Parallel\.For|\.AsParallel\(|ParallelEnumerable")]
    private static partial Regex ParallelLoop();

    [GeneratedRegex(@"Vector(64|128|256|512)[<.]|\bX86\b|\bArm\b|IsHardwareAccelerated|\bAvx|\bSse|AdvSimd")]
    private static partial Regex Width();

    [GeneratedRegex(@"\bunsafe\b|\bfixed \(|stackalloc\b.*\*|Unsafe\.")]
    private static partial Regex UnsafeCode();

    [GeneratedRegex(@"\b(float|double|decimal|Half)\.(Try)?Parse\((?!.*InvariantCulture)")]
    private static partial Regex ParseWithoutCulture();

    [GeneratedRegex(@"using ClipCore\.(\w+);")]
    private static partial Regex UsingRoom();

    [GeneratedRegex("PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex PackageReference();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|/work/|\.\./shared")]
    private static partial Regex Leftover();
}

namespace ClipCore.Tests.Readme;

/// <summary>The samples of the packages' READMEs are those that run.</summary>
[NonParallelizable]
sealed class LibraryReadmeTests
{
    static readonly string[] s_readmes = ["src/ClipCore/README.md", "src/ClipCore.DataSets/README.md", "src/ClipCore.Reports/README.md"];

    [Test]
    public void Library_ShowsTheSamplesThatRun() =>
        Assert.That(new ReadmeText(s_readmes[0]).Blocks("csharp"), Is.EquivalentTo(ReadmeText.Samples("LibraryTasks.cs").Select(WithRoot)));

    [Test]
    public void Packages_ShowTheSamplesThatRun() => Assert.That(
        s_readmes[1..].SelectMany(readme => new ReadmeText(readme).Blocks("csharp")), Is.EqualTo(ReadmeText.Samples("PackageSamples.cs").Skip(1)));

    [Test]
    public void LibraryTasks_Run()
    {
        string output = ReadmeText.InTemporaryFolder(LibraryTasks.Run);
        TestContext.Out.WriteLine(output);
        Assert.That(output, Does.Contain("400 images, 0 skipped").And.Contain("no-such-folder"));
    }

    [Test]
    public void PackageSamples_Run() => Assert.That(ReadmeText.InTemporaryFolder(PackageSamples.Run), Does.Contain("400 images of landbird and waterbird"));

    [TestCaseSource(nameof(s_readmes))]
    [TestCase("tools/clipcore/README.md")]
    [TestCase("tests/README.md")]
    [TestCase("bench/README.md")]
    [TestCase("weights/README.md")]
    [TestCase("CONTRIBUTING.md")]
    [TestCase("CHANGELOG.md")]
    public void Links_LeadToFiles(string readme) => new ReadmeText(readme).CheckLinks();

    /// <summary>The samples lie inside the library's root namespace, a reader's program does not.</summary>
    static string WithRoot(string sample) => sample.Replace("using ClipCore.Ablation;", "using ClipCore;\nusing ClipCore.Ablation;", StringComparison.Ordinal);
}

namespace ClipCore.Tests.DataSets;

/// <summary>Small inputs that once answered wrongly.</summary>
static class CaseFiles
{
    /// <summary>A path under <c>tests/ClipCore.Tests/Cases</c>.</summary>
    public static string Path(string path) => System.IO.Path.Combine(TestData.Root, "tests", "ClipCore.Tests", "Cases", path);
}

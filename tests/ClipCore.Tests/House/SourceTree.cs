using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClipCore.Tests.House;

/// <summary>The sources as the compiler understands them: libraries and tools in one compilation, so that every name is bound to the file that declares
/// it.</summary>
static class SourceTree
{
    /// <summary>The projects that make up the house, by folder.</summary>
    public static readonly string[] Projects = [.. Folders("src"), "tools/clipcore"];

    // What <ImplicitUsings> gives every project.
    const string GlobalUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    static readonly CSharpParseOptions s_options = new(LanguageVersion.Preview, DocumentationMode.Parse);

    static readonly Lazy<CSharpCompilation> s_compilation = new(Compile);

    /// <summary>All projects of <see cref="Projects"/>; partial methods that a generator fills are without their bodies.</summary>
    public static CSharpCompilation Compilation => s_compilation.Value;

    /// <summary>Every file below a folder of the repository, by its path from the root with forward slashes.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(TestData.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetRelativePath(TestData.Root, path).Replace('\\', '/'), File.ReadAllText(path)));

    /// <summary>A file's tree, for rules about syntax alone.</summary>
    public static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, s_options, path);

    /// <summary>Where a node stands: file and line.</summary>
    public static string Place(SyntaxNode node) => $"{node.SyntaxTree.FilePath}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    /// <summary>The types that a file declares outside of other types.</summary>
    public static IEnumerable<MemberDeclarationSyntax> TopTypes(SyntaxTree tree) =>
        tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>().Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    static IEnumerable<string> Folders(string folder) => Directory.EnumerateDirectories(Path.Combine(TestData.Root, folder))
        .Where(path => Directory.EnumerateFiles(path, "*.csproj").Any()).Select(path => $"{folder}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal);

    static CSharpCompilation Compile()
    {
        // The platform's assemblies and the packages are what this program itself runs on; ours are here as sources.
        IEnumerable<string> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("ClipCore", StringComparison.Ordinal));
        return CSharpCompilation.Create(
            "House",
            [Parse("usings", GlobalUsings), .. Projects.SelectMany(Files).Select(file => Parse(file.Path, file.Text))],
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }
}

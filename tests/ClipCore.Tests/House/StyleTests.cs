using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClipCore.Tests.House;

/// <summary>How the sources look: what lets a reader find a type by its file and read a line at a time.</summary>
public partial class StyleTests
{
    const int MostColumns = 160;

    static readonly string[] s_all = ["src", "tools", "tests", "bench"];

    static IEnumerable<SyntaxTree> Trees(params string[] folders) =>
        folders.SelectMany(SourceTree.Files).Select(file => SourceTree.Parse(file.Path, file.Text));

    static void AssertNone(IEnumerable<string> found, string rule)
    {
        string[] all = [.. found];
        Assert.That(all, Is.Empty, $"{rule}:\n{string.Join('\n', all)}");
    }

    [Test]
    public void Lines_AreAtMost160Columns() => AssertNone(
        s_all.SelectMany(SourceTree.Files)
            .SelectMany(file => file.Text.Split('\n').Select((line, i) => (file.Path, Number: i + 1, Length: line.TrimEnd('\r').Length)))
            .Where(line => line.Length > MostColumns).Select(line => $"{line.Path}:{line.Number}: {line.Length} columns"),
        $"lines are at most {MostColumns} columns");

    [Test]
    public void Files_HoldOneType_NamedAsTheyAre() => AssertNone(
        s_all.SelectMany(SourceTree.Files).SelectMany(file => Misnamed(SourceTree.Parse(file.Path, file.Text))),
        "one type to a file, found by its name (its twin with other type parameters may stand beside it)");

    // The kernels' sums are tables: a row of the tile is a line, with as many statements as it has columns.
    [Test]
    public void Lines_HoldOneStatement() => AssertNone(
        Trees(s_all).Where(tree => !tree.FilePath.StartsWith("src/ClipCore/Numerics/", StringComparison.Ordinal)).SelectMany(SecondStatements),
        "one statement a line");

    [Test]
    public void LibraryText_NamesNoOption() => AssertNone(
        Trees("src").SelectMany(tree => tree.GetRoot().DescendantTokens()).Where(IsText).Where(token => Option().IsMatch(token.ValueText))
            .Select(token => $"{SourceTree.Place(token.Parent!)}: {Option().Match(token.ValueText).Value.Trim()}"),
        "messages of the library name arguments and members, never options of a command");

    [TestCase("class A; class B;", 1)]
    [TestCase("class A; class A<T>;", 0)]
    [TestCase("class B;", 1)]
    [TestCase("class A { class B; }", 0)]
    [TestCase("delegate void B();", 1)]
    public void Misnamed_Source_IsFound(string source, int count) =>
        Assert.That(Misnamed(SourceTree.Parse("folder/A.cs", source)).ToList(), Has.Count.EqualTo(count));

    [TestCase("a(); b();", 1)]
    [TestCase("a();\nb();", 0)]
    [TestCase("if (a) b();", 1)]
    [TestCase("if (a)\n b();\nelse if (c)\n d();", 0)]
    [TestCase("switch (a)\n{\n case 1: b(); break;\n case 2: c(); break;\n}", 0)]
    [TestCase("switch (a)\n{\n case 1: b(); c(); break;\n}", 1)]
    [TestCase("for (int i = 0, j = 0; i < 2; i++)\n b();", 0)]
    [TestCase("a(() => { b(); c(); });", 1)]
    public void SecondStatements_OnALine_AreFound(string source, int count) =>
        Assert.That(SecondStatements(SourceTree.Parse("A.cs", $"class A {{ void M() {{\n{source}\n}} }}")).ToList(), Has.Count.EqualTo(count));

    [TestCase("take --vision-only", true)]
    [TestCase("--layers 1", true)]
    [TestCase("make it with clipcore run first", true)]
    [TestCase("a range a--b of x -- and more", false)]
    [TestCase("color: var(--ink)", false)]
    [TestCase("<!-- clipcore -->", false)]
    public void Option_InText_IsFound(string text, bool expected) => Assert.That(Option().IsMatch(text), Is.EqualTo(expected));

    static IEnumerable<string> Misnamed(SyntaxTree tree)
    {
        string[] names =
        [
            .. SourceTree.TopTypes(tree).Select(type => type is DelegateDeclarationSyntax { Identifier.Text: string name } ? name
                : ((BaseTypeDeclarationSyntax)type).Identifier.Text).Distinct(),
        ];
        string file = Path.GetFileName(tree.FilePath).Split('.')[0];
        if (names.Length > 1 || names.Length == 1 && names[0] != file)
            yield return $"{tree.FilePath} declares {string.Join(", ", names)}";
    }

    static IEnumerable<string> SecondStatements(SyntaxTree tree)
    {
        foreach (StatementSyntax statement in tree.GetRoot().DescendantNodes().OfType<StatementSyntax>())
        {
            // A block and a function's body begin where what they belong to ends; "else if" is one line, and so is a short case with its break.
            if (statement is BlockSyntax or BreakStatementSyntax { Parent: SwitchSectionSyntax } || statement is IfStatementSyntax
                && statement.Parent is ElseClauseSyntax)
                continue;
            int line = Line(statement.SpanStart);
            SyntaxNode? before = statement.Parent switch
            {
                BlockSyntax block => block.Statements.TakeWhile(other => other != statement).LastOrDefault(),
                SwitchSectionSyntax section => section.Statements.TakeWhile(other => other != statement).LastOrDefault(),
                GlobalStatementSyntax or LabeledStatementSyntax => null,
                SyntaxNode parent => parent,
                _ => null,
            };
            bool isSecond = before switch
            {
                null => false,
                StatementSyntax other when other == statement.Parent => Line(statement.GetFirstToken().GetPreviousToken().SpanStart) == line,
                ElseClauseSyntax other => Line(other.SpanStart) == line,
                _ => Line(before.Span.End) == line,
            };
            if (isSecond)
                yield return $"{SourceTree.Place(statement)}: {statement.ToString().Split('\n')[0].Trim()}";
        }

        int Line(int position) => tree.GetText().Lines.GetLinePosition(position).Line;
    }

    static bool IsText(SyntaxToken token) => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken
        or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.Utf8StringLiteralToken;

    [GeneratedRegex(@"(?<![\w(!<-])--[a-z][a-z-]*(?![a-z-]*:)"
        + @"|\bclipcore (?:run|merge|export|explain|info|classify|encode|decompose|verify|bench|pool|heads|textspan|segment|retrieve)\b")]
    private static partial Regex Option();
}

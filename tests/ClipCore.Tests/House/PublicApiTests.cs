using Microsoft.CodeAnalysis;

namespace ClipCore.Tests.House;

/// <summary>What strangers may call, held in <c>PublicApi/PROJECT.txt</c>: a change of it is a change of that file, seen in review.</summary>
public class PublicApiTests
{
    const string Accept = "CLIPCORE_ACCEPT_API";

    static readonly SymbolDisplayFormat s_name = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted, SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue,
        SymbolDisplayDelegateStyle.NameAndSignature, SymbolDisplayExtensionMethodStyle.StaticMethod,
        SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor, SymbolDisplayLocalOptions.None, SymbolDisplayKindOptions.None,
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    static string[] Libraries => [.. SourceTree.Projects.Where(project => project.StartsWith("src/", StringComparison.Ordinal))];

    [Test]
    public void PublicApi_IsTheOneInItsFile([ValueSource(nameof(Libraries))] string project)
    {
        string name = Path.GetFileName(project), path = Path.Combine(TestData.Root, "tests/ClipCore.Tests/PublicApi", name + ".txt");
        string[] found = [.. PublicTypes(project).SelectMany(Lines).Order(StringComparer.Ordinal)];
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, found);
        }
        string[] held = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] differences = [.. held.Except(found).Select(line => "- " + line), .. found.Except(held).Select(line => "+ " + line)];
        Assert.That(differences, Is.Empty, () => $"""
            The public API of {name} is not the one in tests/ClipCore.Tests/PublicApi/{name}.txt:
            {string.Join('\n', differences)}
            If that is meant: {Accept}=1 dotnet test tests/ClipCore.Tests -c Release --filter PublicApi
            writes the file anew; commit it with the change, and name the change in CHANGELOG.md.
            """);
        Assert.That(held, Is.EqualTo(found), $"{name}.txt is not sorted, or a line stands twice");
    }

    [Test]
    public void PublicTypes_SayWhoMayUseThemAtOnce([ValueSource(nameof(Libraries))] string project)
    {
        string[] silent =
        [
            .. PublicTypes(project).Where(type => type.ContainingType == null && !NeedsNoWord(type))
                .Where(type => !(type.GetDocumentationCommentXml() ?? "").Contains("thread", StringComparison.OrdinalIgnoreCase))
                    .Select(type => type.ToDisplayString()).Order(StringComparer.Ordinal),
        ];
        Assert.That(silent, Is.Empty, $"say in the doc comment which threads may use a value at once:\n{string.Join('\n', silent)}");
    }

    /// <summary>Kinds that anyone may use from anywhere by what they are: values, records (the rule of the house: immutable), exceptions, and types without
    /// instances.</summary>
    static bool NeedsNoWord(INamedTypeSymbol type)
    {
        if (type.TypeKind is TypeKind.Enum or TypeKind.Delegate || type.IsStatic || type.IsRecord || type is { TypeKind: TypeKind.Struct, IsReadOnly: true })
            return true;
        for (INamedTypeSymbol? ancestor = type; ancestor != null; ancestor = ancestor.BaseType)
            if (ancestor.ToDisplayString() is "System.Exception" or "System.Attribute")
                return true;
        return false;
    }

    static IEnumerable<INamedTypeSymbol> PublicTypes(string project) => All(SourceTree.Compilation.Assembly.GlobalNamespace)
        .Where(type => type.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree.FilePath.StartsWith(project + "/", StringComparison.Ordinal)));

    static IEnumerable<INamedTypeSymbol> All(INamespaceOrTypeSymbol container) => container.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .Where(member => member is INamespaceSymbol || IsOpen(member))
        .SelectMany(member => member is INamedTypeSymbol type ? All(member).Prepend(type) : All(member));

    static bool IsOpen(ISymbol symbol) => symbol.DeclaredAccessibility == Accessibility.Public
        || symbol.DeclaredAccessibility is Accessibility.Protected or Accessibility.ProtectedOrInternal && symbol.ContainingType is { IsSealed: false };

    static IEnumerable<string> Lines(INamedTypeSymbol type)
    {
        string name = type.ToDisplayString(s_name);
        IEnumerable<string> parents = ((INamedTypeSymbol?[])[type.BaseType, .. type.Interfaces])
            .Where(parent => parent is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType or SpecialType.System_Enum) }
                && !(type.TypeKind == TypeKind.Delegate))
            .Select(parent => parent!.ToDisplayString(s_name));
        string list = string.Join(", ", parents);
        yield return $"{name}: {Modifiers(type)}{Kind(type)}{(list.Length > 0 ? " : " + list : "")}";
        if (type.TypeKind == TypeKind.Delegate)
            yield break;
        foreach (ISymbol member in type.GetMembers().Where(member => member is not INamedTypeSymbol && IsOpen(member) && !IsMade(member)))
        {
            yield return $"{name}: {(member.DeclaredAccessibility == Accessibility.Public ? "" : "protected ")}{member.ToDisplayString(s_name)}";
        }
    }

    // Accessors stand with their property; what a record makes by itself goes without saying, but not the constructor of a class.
    static bool IsMade(ISymbol member) =>
        member is IMethodSymbol { AssociatedSymbol: not null } || member.IsImplicitlyDeclared
        && (member is not IMethodSymbol { MethodKind: MethodKind.Constructor } || member.ContainingType.TypeKind is TypeKind.Enum or TypeKind.Struct);

    static string Modifiers(INamedTypeSymbol type) => (type.IsStatic, type.IsAbstract, type.IsSealed) switch
    {
        _ when type.TypeKind is not TypeKind.Class => type.IsReadOnly ? "readonly " : "",
        (true, _, _) => "static ",
        (_, true, _) => "abstract ",
        (_, _, true) => "sealed ",
        _ => "",
    };

    static string Kind(INamedTypeSymbol type) => (type.IsRefLikeType ? "ref " : "") + (type.IsRecord ? "record " : "")
        + type.TypeKind.ToString().ToLowerInvariant();
}

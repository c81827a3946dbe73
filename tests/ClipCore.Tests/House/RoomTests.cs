using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClipCore.Tests.House;

/// <summary>Which room may use which, read from what every name in the sources is bound to: a type used without a <c>using</c> counts as well.</summary>
public class RoomTests
{
    const string FrontDoor = "";

    // Each room may use what stands beside it, and whatever that may use. The front door may use all rooms.
    static readonly Dictionary<string, string[]> s_rooms = new()
    {
        ["Lanes"] = [],
        ["Memory"] = [],
        ["Threads"] = ["Memory"],
        ["Numerics"] = ["Lanes", "Memory", "Threads"],
        ["Files"] = ["Memory"],
        ["Safetensors"] = ["Files"],
        ["Npy"] = ["Files"],
        ["Images"] = ["Files"],
        ["Text"] = ["Files"],
        ["Checkpoints"] = ["Safetensors", "Text", "Images"],
        ["Model"] = ["Numerics", "Checkpoints"],
        ["Decomposition"] = ["Model", "Numerics"],
        // Threads for decoding pictures side by side.
        ["DataSets"] = ["Images", "Text", "Files", "Threads"],
        ["EffectSets"] = ["Decomposition", "DataSets", "Safetensors", "Npy"],
        ["TextSpan"] = ["EffectSets"],
        ["Ablation"] = ["EffectSets", "TextSpan"],
        ["Retrieval"] = ["EffectSets", "TextSpan", "Ablation"],
        ["Segmentation"] = ["EffectSets", "TextSpan", "Ablation", "Retrieval"],
        ["Explanation"] = ["EffectSets", "TextSpan", "Ablation", "Retrieval", "Segmentation"],
        ["Atlas"] = ["EffectSets", "TextSpan", "Ablation", "Retrieval", "Segmentation", "Explanation"],
        ["Verification"] = ["Atlas", FrontDoor],
        ["Measurement"] = ["Atlas", FrontDoor],
    };

    // The floors above the library, and the rooms of the command line among themselves. All of them may use the library.
    static readonly Dictionary<string, string[]> s_floors = new()
    {
        ["ClipCore.DataSets"] = [],
        ["ClipCore.Reports"] = [],
        ["ClipCore.Extensions.AI"] = [],
        // Beside the line of commands that starts them all lie the exit codes, errors and progress that they all use.
        ["clipcore"] = ["ClipCore.DataSets", "ClipCore.Reports", "clipcore/Commands", "clipcore/Options", "clipcore/Results"],
        ["clipcore/Commands"] =
            ["ClipCore.DataSets", "ClipCore.Reports", "clipcore", "clipcore/Options", "clipcore/Report", "clipcore/Results", "clipcore/Data"],
        ["clipcore/Report"] = ["ClipCore.DataSets", "ClipCore.Reports", "clipcore", "clipcore/Options", "clipcore/Results"],
        ["clipcore/Options"] = ["ClipCore.DataSets", "ClipCore.Reports", "clipcore", "clipcore/Results", "clipcore/Data"],
        ["clipcore/Data"] = ["ClipCore.DataSets", "clipcore"],
        ["clipcore/Results"] = ["clipcore"],
    };

    static readonly Dictionary<string, HashSet<string>> s_reach = s_rooms.Keys.ToDictionary(room => room, Reach);

    [Test]
    public void EveryFile_LiesInARoomOfTheTable_AndItsNamespaceIsTheRooms()
    {
        List<string> found = [];
        foreach (string project in SourceTree.Projects)
        {
            foreach ((string path, string text) in SourceTree.Files(project))
            {
                string place = Place(path), name = Namespace(path);
                if (!(place == FrontDoor || s_rooms.ContainsKey(place) || s_floors.ContainsKey(place)))
                    found.Add($"{path}: give '{place}' its place in this test's tables");
                string? declared = SourceTree.Parse(path, text).GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
                    .FirstOrDefault()?.Name.ToString();
                if (declared != null && declared != name)
                    found.Add($"{path}: the namespace is {declared}, not {name}");
            }
        }
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Rooms_UseOnlyTheRoomsBelowThem()
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        foreach ((SyntaxNode node, ISymbol type, string user, string used) in s_uses.Value)
            if (!MayUse(user, used))
                found.Add($"{node.SyntaxTree.FilePath} ({Named(user)}) uses {Named(used)}: {type.Name}, {SourceTree.Place(node)}");
        string[] once = [.. found.GroupBy(line => line[..line.LastIndexOf(',')]).Select(group => group.First())];
        Assert.That(once, Is.Empty, string.Join('\n', once));
    }

    [Test]
    public void Uses_OfAKnownFile_AreFound()
    {
        // The rule above proves nothing if no name is bound: what one file is known to use must be among what was found.
        (string User, string Used)[] pairs = [.. s_uses.Value.Select(use => (use.User, use.Used)).Distinct()];
        Assert.That(pairs, Is.SupersetOf(((string, string)[])[("Numerics", "Lanes"), ("Model", "Numerics"), ("EffectSets", "Decomposition"),
            (FrontDoor, "Model"), ("clipcore/Commands", FrontDoor)]));
    }

    static HashSet<string> Reach(string room)
    {
        HashSet<string> reach = [room];
        foreach (string below in s_rooms[room])
            reach.UnionWith(below == FrontDoor ? [FrontDoor] : Reach(below));
        return reach;
    }

    static bool MayUse(string user, string used)
    {
        if (user == used || user == FrontDoor && s_rooms.ContainsKey(used))
            return true;
        if (s_reach.TryGetValue(user, out HashSet<string>? reach))
            return reach.Contains(used);
        // A place outside of the tables is the other test's business.
        return !s_floors.TryGetValue(user, out string[]? floors) || floors.Contains(used) || used == FrontDoor || s_rooms.ContainsKey(used);
    }

    static readonly Lazy<(SyntaxNode Node, ISymbol Type, string User, string Used)[]> s_uses = new(() => [.. Uses()]);

    static IEnumerable<(SyntaxNode Node, ISymbol Type, string User, string Used)> Uses()
    {
        CSharpCompilation compilation = SourceTree.Compilation;
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.Contains('/')))
        {
            string user = Place(tree.FilePath);
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes().Where(node => node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax))
            {
                ISymbol? symbol = model.GetSymbolInfo(node).Symbol;
                if ((symbol as INamedTypeSymbol ?? symbol?.ContainingType) is INamedTypeSymbol type
                    && type.OriginalDefinition.DeclaringSyntaxReferences is [SyntaxReference first, ..] && first.SyntaxTree != tree
                        && Place(first.SyntaxTree.FilePath) is string used && used != user)
                    yield return (node, type, user, used);
            }
        }
    }

    /// <summary>The room of a file of the library, or the floor (with its folder, in tools) of another.</summary>
    static string Place(string path) => path.Split('/') switch
    {
        ["src", "ClipCore", _] => FrontDoor,
        ["src", "ClipCore", string room, ..] => room,
        ["src", string floor, ..] => floor,
        ["tools", string floor, _] => floor,
        ["tools", string floor, string room, ..] => $"{floor}/{room}",
        _ => path,
    };

    static string Namespace(string path) => path.Split('/') switch
    {
        ["src", string project, .. string[] folders, _] => string.Join('.', [project, .. folders]),
        ["tools", "clipcore", .. string[] folders, _] => string.Join('.', ["ClipCore.Cli", .. folders]),
        _ => path,
    };

    static string Named(string place) => place == FrontDoor ? "the front door" : place;
}

using System.CommandLine;
using ClipCore.Cli.Data;
using ClipCore.DataSets;

namespace ClipCore.Cli.Options;

/// <summary>The classes that a command judges by: names or a list, and the templates that make texts of them.</summary>
sealed class ClassArguments
{
    const string FileName = "classes.json";

    readonly Option<string[]> _class = new("--class")
    {
        Description = "A class name, to be put into the templates; give the option once for each.",
        HelpName = "NAME",
    };

    readonly Option<string?> _classes = new("--classes")
    {
        Description = "Classes: names, one a line; id<TAB>name; ImageNet's LOC_synset_mapping.txt; or a JSON list (default: the model's own classes.json).",
        HelpName = "FILE",
    };

    readonly Option<string?> _templates = new("--templates") { Description = "Prompt templates, one a line, with {} where the name goes.", HelpName = "FILE" };

    /// <summary>Adds the options to a command.</summary>
    public ClassArguments(Command command)
    {
        foreach (Option option in (Option[])[_class, _classes, _templates])
            command.Options.Add(option);
    }

    /// <summary>Whether classes were given on the command line.</summary>
    public bool AreGiven(ParseResult result) => result.GetValue(_class) is { Length: > 0 } || result.GetValue(_classes) != null;

    /// <summary>The user's templates; null without.</summary>
    public IReadOnlyList<string>? Templates(ParseResult result) =>
        result.GetValue(_templates) is { } path ? ClassList.LoadTemplates(Given.Path("--templates", path)) : null;

    /// <summary>The classes that were given on the command line, with the user's templates; null without.</summary>
    public ClassList? Read(ParseResult result)
    {
        string[] names = result.GetValue(_class) ?? [];
        string? list = result.GetValue(_classes);
        if (names.Length > 0 && list != null)
            throw new UserException("--class and --classes were given together: take one of them.");
        if (names.Any(string.IsNullOrWhiteSpace))
            throw new UserException("--class is empty: write the name of a class.");
        return names.Length > 0 ? With(result, new ClassList(names))
            : list != null ? With(result, ClassList.Load(Given.Path("--classes", list))) : null;
    }

    /// <summary>
    /// Names typed by hand, as the data's own: "a land bird" is the data's landbird, since no other class is meant. Only where every class is found and none
    /// twice.
    /// </summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="given">The classes that were given.</param>
    /// <param name="names">The data's names.</param>
    public ClassList Reorder(ParseResult result, ClassList given, IReadOnlyList<string> names)
    {
        if (result.GetValue(_class) is not { Length: > 0 } || names.Count != given.Count || given.Matches(names))
            return given;
        string[] plain = [.. given.Names.Select(Plain)];
        int[] order = [.. names.Select(name => Array.IndexOf(plain, Plain(name)))];
        return order.All(index => index >= 0) && order.Distinct().Count() == order.Length
            ? new ClassList(names) { Prompts = [.. order.Select(index => given.Prompts[index])], Templates = given.Templates } : given;
    }

    /// <summary>The lists that come with a model: its own classes, and for the built-in model the birds too.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="model">The folder or file that the user named; null for the built-in model.</param>
    public IReadOnlyList<ClassList> OfModel(ParseResult result, string? model)
    {
        if (model == null)
            return [With(result, DemoModel.Classes()), With(result, DemoModel.Birds())];
        string folder = Directory.Exists(model) ? model : Path.GetDirectoryName(Path.GetFullPath(model))!;
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? [With(result, ClassList.Load(path))] : [];
    }

    /// <summary>Letters and digits alone, without an article.</summary>
    static string Plain(string name)
    {
        string[] words = name.ToLowerInvariant().Split([' ', '_', '-'], StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words is ["a" or "an" or "the", _, ..] ? words[1..] : words);
    }

    /// <summary>A list with the user's templates in place of its own.</summary>
    public ClassList With(ParseResult result, ClassList classes) => Templates(result) is { } templates ? classes with { Templates = templates } : classes;
}

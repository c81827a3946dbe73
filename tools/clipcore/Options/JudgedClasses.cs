using System.CommandLine;
using ClipCore.DataSets;
using ClipCore.EffectSets;

namespace ClipCore.Cli.Options;

/// <summary>Which classes data is judged by. What can't be known is asked for: labels without names, and names that are no classes, are refused.</summary>
/// <param name="Classes">The classes in the order of the data's labels.</param>
/// <param name="Source">Where they came from, for people.</param>
sealed record JudgedClasses(ClassList Classes, string Source)
{
    /// <summary>Finds the classes of some data.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="arguments">The options about classes.</param>
    /// <param name="modelPath">The model that the user named; null for the built-in one.</param>
    /// <param name="data">What the data is called.</param>
    /// <param name="names">The data's own names of its classes; empty where labels are bare numbers.</param>
    /// <param name="largest">The largest label; −1 where nothing is labelled.</param>
    /// <param name="stored">The classes that a store keeps; null without.</param>
    /// <param name="areNumbersUnknown">Whether nobody can vouch for bare numbers to count the model's own classes, as in a store.</param>
    /// <returns>Null where there are neither labels nor classes.</returns>
    public static JudgedClasses? Find(
        ParseResult result, ClassArguments arguments, string? modelPath, string data, IReadOnlyList<string> names, int largest, ClassList? stored,
        bool areNumbersUnknown)
    {
        if (arguments.Read(result) is { } given)
            return new JudgedClasses(
                Translated(Fit(arguments.Reorder(result, given, names), names, largest, data), arguments.OfModel(result, modelPath)), "as given");
        if (stored != null)
            return new JudgedClasses(arguments.With(result, stored), "as the store keeps them");
        IReadOnlyList<ClassList> known = arguments.OfModel(result, modelPath);
        if (names.Count > 0)
        {
            foreach (ClassList list in known)
                if (list.Matches(names))
                    return new JudgedClasses(list.Match(names, data), "the model's own list, matched by name");
            if (known.Count > 0)
                return new JudgedClasses(known[0].Match(names, data), "");
            ClassList own = new(names);
            return own.HasIdsForNames
                ? throw new UserException(
                    $"{data}: its classes are called {names[0]} and the like, which are ids and no words: give a file with id and name in each line as "
                        + "--classes.")
                : new JudgedClasses(arguments.With(result, own), "the data's own names");
        }
        if (largest < 0)
            return known.Count > 0 ? new JudgedClasses(known[0], "the model's own list") : null;
        if (areNumbersUnknown || known.Count == 0)
            throw new UserException(
                $"{data} has labels that are numbers, and nothing names them: give the names in their order with --classes FILE, or --class once for each.");
        return new JudgedClasses(Fit(known[0], names, largest, data), "the model's own list, indexed by the data's numbers");
    }

    /// <summary>As directions, with the user's templates, the list's own, the model's or those for photographs, in this order.</summary>
    public LinearClassifier Encode(ClipModel model, IReadOnlyList<ClassList> ofModel, CancellationToken cancellation)
    {
        IReadOnlyList<string> templates = Classes.Templates ?? ofModel.FirstOrDefault()?.Templates ?? ClassList.PhotoTemplates;
        using Progress progress = new("encoding classes", "texts", (long)Classes.Count * templates.Count);
        return model.CreateClassifier(Classes, templates, progress, cancellation);
    }

    /// <summary>Names that a mapping gave for ids are the model's own classes where it has them all, with the texts that stand for them.</summary>
    static ClassList Translated(ClassList classes, IReadOnlyList<ClassList> known) =>
        classes.Ids != null && classes.Prompts.SequenceEqual(classes.Names) && known.FirstOrDefault(list => list.Matches(classes.Names)) is { } own
            ? own.Match(classes.Names, "the mapping") with { Ids = classes.Ids, Templates = classes.Templates ?? own.Templates } : classes;

    static ClassList Fit(ClassList classes, IReadOnlyList<string> names, int largest, string data) => names.Count > 0 ? classes.Match(names, data)
        : largest < classes.Count ? classes
        : throw new UserException($"{data} has the label {largest}, but there are {classes.Count} classes: a class has no name.");
}

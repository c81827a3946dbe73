using ClipCore.Cli.Options;

namespace ClipCore.Cli.Report;

/// <summary>What experiments print above their tables: by which classes and templates they judge.</summary>
static class Judged
{
    const int Shown = 6;

    /// <summary>Prints it.</summary>
    public static void Print(TextWriter print, EffectInput input)
    {
        if (input.Classifier is not { } classifier)
            return;
        print.WriteLine($"classes: {List(classifier.Names)} ({input.ClassesFrom})");
        if (classifier.Templates.Count > 0)
            print.WriteLine($"templates: {List(classifier.Templates)}");
    }

    static string List(IReadOnlyList<string> words) =>
        $"{string.Join(", ", words.Take(Shown))}{(words.Count > Shown ? $" … {words.Count} in all" : "")}";
}

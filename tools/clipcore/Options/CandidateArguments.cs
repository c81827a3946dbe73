using System.CommandLine;
using ClipCore.DataSets;
using ClipCore.EffectSets;

namespace ClipCore.Cli.Options;

/// <summary>What images are compared with: texts as they are, classes in templates, or a ready classifier.</summary>
sealed class CandidateArguments
{
    readonly TextArguments _texts;
    readonly ClassArguments _classes;
    readonly Option<string?> _classifier = new("--classifier") { Description = "A ready classifier [e, c] in place of names.", HelpName = "FILE.npy" };

    /// <summary>Adds the options to a command.</summary>
    public CandidateArguments(Command command)
    {
        _texts = new TextArguments(command);
        _classes = new ClassArguments(command);
        command.Options.Add(_classifier);
    }

    /// <summary>Whether the text tower is needed.</summary>
    public bool NeedsTexts(ParseResult result) => result.GetValue(_classifier) == null;

    /// <summary>Whether they are a list of classes, of which the best are of interest, and not a few texts to compare.</summary>
    public bool IsList(ParseResult result) => !NeedsTexts(result) || _texts.Read(result).Length == 0 || _classes.Templates(result) != null;

    /// <summary>What the user gave, or else the model's own classes; and where it came from.</summary>
    public (LinearClassifier Classifier, string Source) Read(ParseResult result, ClipModel model, string? modelPath, CancellationToken cancellation)
    {
        string[] texts = _texts.Read(result);
        string? ready = result.GetValue(_classifier);
        if (new[] { texts.Length > 0, _classes.AreGiven(result), ready != null }.Count(given => given) > 1)
            throw new UserException("--text, --class, --classes and --classifier were given together: take one of them.");
        IReadOnlyList<ClassList> known = _classes.OfModel(result, modelPath);
        if (ready != null)
            return (ReadReady(Given.Path("--classifier", ready), model.EmbedWidth, known), "a ready classifier");
        Encoders.RequireTexts(model);
        if (texts.Length > 0 && _classes.Templates(result) == null)
        {
            float[] rows = new float[texts.Length * model.EmbedWidth];
            model.EncodeTexts(texts, rows, true, null, cancellation);
            return (new LinearClassifier(rows, model.EmbedWidth) { Names = texts }, "texts as given");
        }
        JudgedClasses classes = texts.Length > 0 ? new JudgedClasses(_classes.With(result, new ClassList(texts)), "texts as given, in templates")
            : _classes.Read(result) is { } given ? new JudgedClasses(given, "as given")
            : known.Count > 0 ? new JudgedClasses(known[0], "the model's own list")
            : throw new UserException("this model brings no classes.json: name classes with --class, --classes or --text.");
        return (classes.Encode(model, known, cancellation), classes.Source);
    }

    static LinearClassifier ReadReady(string path, int width, IReadOnlyList<ClassList> known)
    {
        float[] rows = ReferenceArrays.ReadClassifierFile(path, width);
        int bad = Array.FindIndex(rows, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new UserException($"{path} holds a number that is not finite in row {bad % width}, column {bad / width}.");
        LinearClassifier classifier = new(rows, width);
        return known.FirstOrDefault(list => list.Count == classifier.ClassCount) is { } names ? new LinearClassifier(rows, width) { Names = names.Names }
            : classifier;
    }
}

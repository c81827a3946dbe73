using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using ClipCore.Npy;

namespace ClipCore.Cli.Commands;

/// <summary>The classes of a command: names for templates, whole texts, or a ready classifier.</summary>
sealed class ClassArguments
{
    readonly TextArguments _texts;
    readonly Option<string[]> _class = new("--class") { Description = "A class name, to be put into the templates; give the option once for each.", HelpName = "NAME" };
    readonly Option<string?> _classes = new("--classes")
    {
        Description = "Class names, one a line, or a JSON list (default: the model's own classes.json).",
        HelpName = "FILE",
    };

    readonly Option<string?> _templates = new("--templates") { Description = "Prompt templates, one a line, with {} where the name goes.", HelpName = "FILE" };
    readonly Option<string?> _classifier = new("--classifier") { Description = "A ready classifier [e, c] in place of names.", HelpName = "FILE.npy" };

    /// <summary>Adds the options to a command.</summary>
    public ClassArguments(Command command)
    {
        _texts = new TextArguments(command);
        foreach (Option option in (Option[])[_class, _classes, _templates, _classifier])
            command.Options.Add(option);
    }

    /// <summary>Whether the text tower is needed.</summary>
    public bool NeedsTexts(ParseResult result) => result.GetValue(_classifier) == null;

    /// <summary>The classes that the user gave, or else the model's own.</summary>
    public Classifier Read(ParseResult result, ClipModel model, string? modelPath)
    {
        string[] texts = _texts.Read(result), names = result.GetValue(_class) ?? [];
        string? list = result.GetValue(_classes), templates = result.GetValue(_templates), ready = result.GetValue(_classifier);
        if (new[] { texts.Length > 0, names.Length > 0, list != null, ready != null }.Count(given => given) > 1)
            throw new UserException("--text, --class, --classes and --classifier were given together: take one of them.");
        if (ready != null)
            return ReadReady(ready, model.EmbedWidth, ClassList.Of(modelPath)?.Names);
        EncodeCommand.Require(model, needsVocabulary: true);
        string[]? given = templates == null ? null : ReadTemplates(templates);
        if (texts.Length > 0 && given == null)
        {
            float[] rows = new float[texts.Length * model.EmbedWidth];
            model.EncodeTexts(texts).FlattenTo(rows);
            return new Classifier(texts, [], rows);
        }
        ClassList classes = texts.Length > 0 ? ClassList.OfNames(texts)
            : names.Length > 0 ? ClassList.OfNames(Checked(names))
            : list != null ? ClassList.Load(list)
            : ClassList.Of(modelPath) ?? throw new UserException("this model brings no classes.json: name classes with --class, --classes or --text.");
        string[] used = given ?? classes.Templates ?? ClassList.Of(modelPath)?.Templates ?? ClassList.DefaultTemplates;
        Tensor<float> encoded = model.EncodeClasses(classes.Prompts, used);
        float[] directions = new float[classes.Names.Length * model.EmbedWidth];
        encoded.FlattenTo(directions);
        return new Classifier(classes.Names, used, directions);
    }

    static string[] Checked(string[] names) =>
        names.All(name => !string.IsNullOrWhiteSpace(name)) ? names : throw new UserException("--class is empty: write the name of a class.");

    static string[] ReadTemplates(string path)
    {
        string[] templates = TextList.Load(path);
        foreach (string template in templates)
            if (!template.Contains("{}", StringComparison.Ordinal))
                throw new UserException($"{path}: the template '{template}' has no {{}} where the name goes.");
        return templates;
    }

    static Classifier ReadReady(string path, int width, string[]? names)
    {
        NpyArray<float> file = NpyFile.ReadSingle(path);
        if (file.Shape.Length != 2 || file.Shape[0] != width || file.Shape[1] == 0)
            throw new UserException($"{path} has the shape [{string.Join(", ", file.Shape)}], but a classifier of this model is [{width}, classes].");
        int classes = file.Shape[1];
        float[] rows = new float[file.Data.Length];
        for (int j = 0; j < width; j++)
            for (int c = 0; c < classes; c++)
                rows[(c * width) + j] = float.IsFinite(file.Data[(j * classes) + c]) ? file.Data[(j * classes) + c]
                    : throw new UserException($"{path} holds a number that is not finite in row {j}, column {c}.");
        string[] labels = names?.Length == classes ? names : [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];
        return new Classifier(labels, [], rows);
    }
}

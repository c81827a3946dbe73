using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using ClipCore.Model;
using ClipCore.Npy;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore classify</c>: which of some classes or texts fits an image best.</summary>
static class ClassifyCommand
{
    public static Command Create()
    {
        Command command = new(
            "classify", "Zero-shot classification: which classes (names put into prompt templates) or texts (taken as they are) fit each image best.");
        PixelArguments images = new(command);
        ClassArguments classes = new(command);
        Option<int> top = new("--top") { Description = "How many to print for each image (default 5).", HelpName = "N", DefaultValueFactory = _ => 5 };
        Option<string?> output = new("--out") { Description = "Write the logits [b, c].", HelpName = "FILE.npy" };
        Option<string?> save = new("--save-classifier") { Description = "Write the classifier [e, c], as the paper's scripts read it.", HelpName = "FILE.npy" };
        command.Options.Add(top);
        command.Options.Add(output);
        command.Options.Add(save);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            int count = result.GetValue(top);
            if (count < 1)
                throw new UserException($"--top {count} must be at least 1.");
            using ClipModel loaded = model.Load(result, classes.NeedsTexts(result) ? TowerSelection.All : TowerSelection.VisionOnly);
            using PixelSource? source = images.AreGiven(result) || result.GetValue(save) == null ? images.Open(result, loaded) : null;
            Classifier classifier = classes.Read(result, loaded, model.Path(result));
            if (result.GetValue(save) is { } savePath)
                NpyFile.Write<float>(savePath, classifier.Transposed(), loaded.EmbedWidth, classifier.Names.Length);
            if (source == null)
                return;

            int classCount = classifier.Names.Length;
            float[] logits = new float[source.Count * classCount], probabilities = new float[source.Count * classCount];
            source.ForEachBatch(loaded, "classifying", (first, pixels) =>
            {
                int batch = pixels.Length / loaded.PixelCount;
                float[] rows = new float[batch * loaded.EmbedWidth];
                loaded.EncodeImages(pixels, rows);
                for (int i = 0; i < batch; i++)
                {
                    ReadOnlySpan<float> row = rows.AsSpan(i * loaded.EmbedWidth, loaded.EmbedWidth);
                    loaded.Logits(row, classifier.Rows).CopyTo(logits, (first + i) * classCount);
                    loaded.Probabilities(row, classifier.Rows).CopyTo(probabilities, (first + i) * classCount);
                }
            });
            if (result.GetValue(output) is { } path)
                NpyFile.Write<float>(path, logits, source.Count, classCount);
            TextWriter print = json.Text(result);
            for (int i = 0; i < source.Count; i++)
            {
                print.WriteLine(source.Name(i));
                foreach (int c in Best(probabilities.AsSpan(i * classCount, classCount), count))
                    print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {probabilities[(i * classCount) + c],7:0.0000}  {classifier.Names[c]}"));
            }
            json.Write(result, writer => Write(writer, loaded, source, classifier, logits, probabilities));
        });
        return command;
    }

    static void Write(Utf8JsonWriter json, ClipModel model, PixelSource images, Classifier classifier, float[] logits, float[] probabilities)
    {
        int classCount = classifier.Names.Length;
        json.WriteStartObject();
        json.WriteNumber("logitScale", model.LogitScale);
        json.WriteStrings("classes", classifier.Names);
        json.WriteStrings("templates", classifier.Templates);
        json.WriteStartArray("images");
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<float> values = probabilities.AsSpan(i * classCount, classCount);
            json.WriteStartObject();
            json.WriteString("image", images.Name(i));
            int best = Best(values, 1)[0];
            json.WriteNumber("prediction", best);
            json.WriteString("class", classifier.Names[best]);
            json.WriteNumbers("probabilities", values);
            json.WriteNumbers("logits", logits.AsSpan(i * classCount, classCount));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static int[] Best(ReadOnlySpan<float> values, int count)
    {
        float[] copy = values.ToArray();
        return [.. Enumerable.Range(0, copy.Length).OrderByDescending(i => copy[i]).ThenBy(i => i).Take(count)];
    }
}

/// <summary>Classes as directions of the shared space.</summary>
/// <param name="Names">Names of the classes, or the texts.</param>
/// <param name="Templates">The templates that were used; empty for texts.</param>
/// <param name="Rows">Unit vectors. [c × e]</param>
sealed record Classifier(string[] Names, string[] Templates, float[] Rows)
{
    /// <summary>The same as the paper's scripts store it. [e × c]</summary>
    public float[] Transposed()
    {
        int classes = Names.Length, width = Rows.Length / classes;
        float[] columns = new float[Rows.Length];
        for (int c = 0; c < classes; c++)
            for (int j = 0; j < width; j++)
                columns[(j * classes) + c] = Rows[(c * width) + j];
        return columns;
    }
}

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

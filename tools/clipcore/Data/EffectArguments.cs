using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.Cli.Commands;
using ClipCore.EffectSets;
using ClipCore.Files;

namespace ClipCore.Cli.Data;

/// <summary>Where an experiment takes its effects from: the reference's arrays, pictures and a model, or the built-in model's own data.</summary>
sealed class EffectArguments
{
    readonly Option<string?> _reference = new("--reference") { Description = "A folder of the paper's arrays: attn.npy, mlp.npy, cls_attn.npy, classifier.npy, labels.npy, or under its scripts' own names.", HelpName = "DIR" };
    readonly Option<string?> _data = new("--data") { Description = "Pictures: a folder, a folder of class folders, a folder with metadata.csv, or a list (.csv, .json).", HelpName = "DATA" };

    readonly Argument<string?> _store = new("store") { Description = "A store of clipcore run.", HelpName = "STORE", DefaultValueFactory = _ => null };

    /// <summary>Adds the argument and the options to a command.</summary>
    public EffectArguments(Command command)
    {
        command.Arguments.Add(_store);
        command.Options.Add(_reference);
        command.Options.Add(_data);
    }

    /// <summary>The folder of arrays; null without one.</summary>
    public string? Reference(ParseResult result) => result.GetValue(_reference);

    /// <summary>Opens the effects and the classes to judge them by.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="model">The options of the model.</param>
    /// <param name="classAttention">Whether the class token's own share is wanted.</param>
    /// <param name="birds">Whether the built-in data is the birds, not the scenes.</param>
    public EffectInput Open(ParseResult result, ModelArguments model, bool classAttention, bool birds = false)
    {
        string? data = result.GetValue(_data);
        if (Reference(result) is { } folder)
        {
            if (data != null)
                throw new UserException("--reference and --data were both given: take one of them.");
            ReferenceArrays arrays = ReferenceArrays.Open(folder);
            return new EffectInput(arrays, new LinearClassifier(ReferenceArrays.ReadClassifier(folder, arrays.EmbedWidth), arrays.EmbedWidth), [], folder, null);
        }
        if (result.GetValue(_store) is { } store)
            return data == null ? OpenStore(store, result, model, model.Load(result), birds) : throw new UserException("a store and --data were both given: take one of them.");
        return Open(result, model, data, classAttention, birds);
    }

    /// <summary>Opens the effects of a store.</summary>
    public static EffectInput OpenStore(string path, ParseResult result, ModelArguments model, ClipModel loaded, bool birds)
    {
        EffectStore store = EffectStore.Open(path);
        EncodeCommand.Require(loaded, needsVocabulary: true);
        if (loaded.Checkpoint.Sha256 != store.Identity.Sha256)
            throw new UserException($"{path} was made by another model ({store.Identity.Name}, SHA-256 {store.Identity.Sha256[..16]}…): name it with --model.");
        ClassList classes = Classes(model.Path(result), birds);
        if (store.ClassNames.Count > 0)
            classes = Fit(classes, [.. store.ClassNames]);
        if (store.Labels is { } labels && labels.Max() >= classes.Names.Length)
            throw new UserException($"{path} has the label {labels.Max()}, but there are {classes.Names.Length} classes: a class has no text.");
        float[] rows = new float[classes.Names.Length * loaded.EmbedWidth];
        loaded.EncodeClasses(classes.Prompts, classes.Templates ?? ClassList.DefaultTemplates).FlattenTo(rows);
        return new EffectInput(store, new LinearClassifier(rows, loaded.EmbedWidth), classes.Names, path, loaded);
    }

    /// <summary>Computes the effects of pictures, or of the built-in data.</summary>
    public static EffectInput Open(ParseResult result, ModelArguments model, string? data, bool classAttention, bool birds)
    {
        ClipModel loaded = model.Load(result);
        EncodeCommand.Require(loaded, needsVocabulary: true);
        ClassList classes = Classes(model.Path(result), birds);
        if (data == null && model.Path(result) != null)
            throw new UserException("--model without --data: name the pictures to run it on.");
        ImageSet images = data != null ? (birds ? ImageSet.Open(data).WithoutTraining() : ImageSet.Open(data)) : birds ? DemoData.Waterbirds() : DemoData.Scenes(classes.Names);
        if (images.ClassNames.Length > 0)
            classes = Fit(classes, images.ClassNames);
        int largest = images.Entries.Max(entry => entry.Label);
        if (largest >= classes.Names.Length)
            throw new UserException($"{images.Name} has the label {largest}, but there are {classes.Names.Length} classes: a class has no text.");
        float[] rows = new float[classes.Names.Length * loaded.EmbedWidth];
        loaded.EncodeClasses(classes.Prompts, classes.Templates ?? ClassList.DefaultTemplates).FlattenTo(rows);
        return new EffectInput(
            ModelEffects.Compute(loaded, images), new LinearClassifier(rows, loaded.EmbedWidth), classes.Names, images.Name, loaded)
        {
            Splits = images.Entries.All(entry => entry.Split.Length > 0) ? [.. images.Entries.Select(entry => entry.Split)] : null,
        };
    }

    static ClassList Classes(string? model, bool birds)
    {
        if (birds)
            return model == null ? DemoBirds() : new ClassList(["landbird", "waterbird"], ["landbird", "waterbird"], null);
        return ClassList.Of(model) ?? throw new UserException("this model brings no classes.json beside its weights: write one with the names of the classes.");
    }

    static ClassList DemoBirds()
    {
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(DemoModel.Read("classes.json"));
        string[] Strings(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
        return new ClassList(["land bird", "water bird"], Strings("waterbirds_classes"), Strings("waterbirds_templates"));
    }

    /// <summary>The classes in the order of the data's labels.</summary>
    static ClassList Fit(ClassList classes, string[] names)
    {
        if (names.SequenceEqual(classes.Names))
            return classes;
        int[] order = [.. names.Select(name => Array.IndexOf(classes.Names, name))];
        return new ClassList(names, [.. order.Select((index, i) => index < 0 ? names[i] : classes.Prompts[index])], classes.Templates);
    }
}

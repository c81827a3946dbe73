using System.CommandLine;
using ClipCore.DataSets;
using ClipCore.EffectSets;
using ClipCore.Numerics;

namespace ClipCore.Cli.Options;

/// <summary>Where an experiment takes its effects from: pictures and a model, a store, the paper's arrays, or the built-in model's own data.</summary>
sealed class EffectArguments
{
    readonly RenamedOption<string> _arrays;
    readonly Option<string?> _data = new("--data")
    {
        Description = "Pictures: a folder, a folder of class folders, ImageNet's or Waterbirds' folder, or a list (.csv, .tsv, .json, .jsonl).",
        HelpName = "DATA",
    };

    readonly Argument<string?> _source = new("store") { Description = "A store of clipcore run, or pictures as in --data.", HelpName = "STORE", DefaultValueFactory = _ => null };
    readonly ClassArguments? _classes;
    readonly ImageLimit _limit;
    readonly DataArguments _layout;

    /// <summary>Adds the argument and the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="judges">Whether it judges by classes.</param>
    public EffectArguments(Command command, bool judges = true)
    {
        command.Arguments.Add(_source);
        command.Options.Add(_data);
        _arrays = new RenamedOption<string>(
            command, new Option<string?>("--arrays")
            {
                Description = "A folder of the paper's arrays: attn.npy, mlp.npy, cls_attn.npy, classifier.npy, labels.npy, or under its scripts' own names.",
                HelpName = "DIR",
            }, "--reference");
        _classes = judges ? new ClassArguments(command) : null;
        _limit = new ImageLimit(command);
        _layout = new DataArguments(command);
    }

    /// <summary>The options about classes.</summary>
    public ClassArguments Classes => _classes!;

    /// <summary>The folder of arrays; null without one.</summary>
    public string? Arrays(ParseResult result) => _arrays.Read(result) is { } path ? Given.Path(_arrays.Name, path) : null;

    /// <summary>The pictures or the store that the user named; null without.</summary>
    public string? Source(ParseResult result)
    {
        string? source = result.GetValue(_source), data = result.GetValue(_data);
        if (source != null && data != null)
            throw new UserException("a store and --data were both given: take one of them.");
        return source != null ? Given.Path("the store", source) : data != null ? Given.Path("--data", data) : null;
    }

    /// <summary>Whether a path is a store.</summary>
    public static bool IsStore(string path) => File.Exists(Path.Combine(path, EffectStore.ManifestName));

    /// <summary>Opens the effects and the classes to judge them by.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="model">The options of the model.</param>
    /// <param name="demo">The built-in model's data for this experiment.</param>
    /// <param name="needsClasses">Whether the experiment judges by classes, so that labels without names are refused.</param>
    /// <param name="cancellation">Ends it.</param>
    public EffectInput Open(ParseResult result, ModelArguments model, Func<ImageSet> demo, bool needsClasses, CancellationToken cancellation)
    {
        string? source = Source(result);
        if (Arrays(result) is { } folder)
            return source == null ? OpenArrays(folder) : throw new UserException("--arrays and pictures or a store were both given: take one of them.");
        return source != null && IsStore(source) ? OpenStore(source, result, model, model.Load(result), needsClasses, cancellation)
            : Compute(source, result, model, demo, needsClasses, cancellation);
    }

    /// <summary>Opens the effects of a store.</summary>
    public EffectInput OpenStore(string path, ParseResult result, ModelArguments arguments, ClipModel model, bool needsClasses, CancellationToken cancellation)
    {
        EffectStore store = EffectStore.Open(path);
        model.Identity.Require(store.Identity, path);
        return Judge(new EffectInput(store, path, model), store.Classes, isStore: true, result, arguments, needsClasses, cancellation);
    }

    /// <summary>Opens effects to span heads of: as <see cref="Open"/>, but of a store that keeps statistics alone these are enough.</summary>
    public EffectInput OpenForSpans(ParseResult result, ModelArguments model, Func<ImageSet> demo, CancellationToken cancellation)
    {
        string? source = Source(result);
        if (source == null || !IsStore(source))
            return Open(result, model, demo, needsClasses: false, cancellation);
        StoreStatistics statistics = EffectStore.OpenStatistics(source);
        ClipModel loaded = model.Load(result);
        loaded.Identity.Require(statistics.Identity, source);
        return statistics.IsStatisticsOnly ? new EffectInput(statistics, source, loaded)
            : OpenStore(source, result, model, loaded, needsClasses: false, cancellation);
    }

    /// <summary>Computes the effects of pictures.</summary>
    public EffectInput Compute(
        string? data, ParseResult result, ModelArguments arguments, Func<ImageSet> demo, bool needsClasses, CancellationToken cancellation)
    {
        if (data == null && arguments.Path(result) != null)
            throw new UserException("--model without pictures: name the pictures to run it on with --data, or a store.");
        ImageSet images = data != null ? _layout.Open(result, data) : demo();
        ClipModel model = arguments.Load(result);
        using Progress progress = new("decomposing", "images", images.Count);
        EffectSet effects = EffectStore.Compute(
            model, images, out IReadOnlyList<SkippedImage> skipped, new StoreOptions { MaxPixels = _limit.Read(result), Strict = _limit.IsStrict(result) }, progress,
            cancellation);
        Skips.Tell(result, skipped);
        return Judge(
            new EffectInput(effects, images.Name, model) { Skipped = Skips.Of(skipped) }, null, isStore: false, result, arguments, needsClasses, cancellation);
    }

    static EffectInput OpenArrays(string folder)
    {
        ReferenceArrays arrays = ReferenceArrays.Open(folder);
        LinearClassifier? classifier = ReferenceArrays.Find(folder, "classifier") == null ? null
            : new LinearClassifier(ReferenceArrays.ReadClassifier(folder, arrays.EmbedWidth), arrays.EmbedWidth);
        return new EffectInput(arrays, folder, null)
        {
            Classifier = classifier,
            ClassesFrom = classifier == null ? null : "classifier.npy",
        };
    }

    EffectInput Judge(
        EffectInput input, ClassList? stored, bool isStore, ParseResult result, ModelArguments arguments, bool needsClasses, CancellationToken cancellation)
    {
        if (_classes == null)
            return input;
        string? path = arguments.Path(result);
        int largest = input.Effects.Labels is { Length: > 0 } labels ? labels.Max() : -1;
        JudgedClasses? classes;
        try
        {
            classes = JudgedClasses.Find(result, _classes, path, input.Name, input.Effects.ClassNames, largest, stored, isStore);
        }
        catch (Exception exception) when (!needsClasses && exception is UserException or DataSetException)
        {
            return input;
        }
        if (classes == null)
            return input;
        Encoders.RequireTexts(input.Model!);
        LinearClassifier classifier = classes.Encode(input.Model!, _classes.OfModel(result, path), cancellation);
        return input with { Classifier = classifier, ClassesFrom = classes.Source };
    }
}

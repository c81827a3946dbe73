using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.DataSets;
using ClipCore.EffectSets;

namespace ClipCore.Cli.Options;

/// <summary>Where an experiment takes its effects from: pictures and a model, a store, the paper's arrays, or the built-in model's own data.</summary>
sealed class EffectArguments
{
    readonly RenamedOption<string> _arrays;
    readonly EffectSource _effects;
    readonly Option<string?> _data = new("--data")
    {
        Description = "Pictures: a folder, a folder of class folders, ImageNet's or Waterbirds' folder, or a list (.csv, .tsv, .json, .jsonl).",
        HelpName = "DATA",
    };

    readonly Argument<string?> _source = new("store")
    {
        Description = "A store of clipcore run, or pictures as in --data.",
        HelpName = "STORE",
        DefaultValueFactory = _ => null,
    };

    /// <summary>Adds the argument and the options to a command.</summary>
    public EffectArguments(Command command)
    {
        command.Arguments.Add(_source);
        command.Options.Add(_data);
        _arrays = new RenamedOption<string>(
            command, new Option<string?>("--arrays")
            {
                Description = "A folder of the paper's arrays: attn.npy, mlp.npy, cls_attn.npy, classifier.npy, labels.npy, or under its scripts' own names.",
                HelpName = "DIR",
            }, "--reference");
        _effects = new EffectSource(command, new ClassArguments(command));
    }

    /// <summary>Pictures with more pixels are refused.</summary>
    public long MaxPixels(ParseResult result) => _effects.MaxPixels(result);

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

    /// <summary>Opens the effects and the classes to judge them by.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="model">The options of the model.</param>
    /// <param name="demo">The built-in model's data for this experiment.</param>
    /// <param name="judging">What the experiment wants with classes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="needsTexts">Whether it reads texts.</param>
    public EffectInput Open(
        ParseResult result, ModelArguments model, Func<ImageSet> demo, Judging judging, CancellationToken cancellation, bool needsTexts = true)
    {
        string? source = Source(result);
        if (Arrays(result) is { } folder)
            return source == null ? OpenArrays(folder) : throw new UserException("--arrays and pictures or a store were both given: take one of them.");
        if (source != null && !EffectSource.IsStore(source) && !Path.Exists(source))
            throw new UserException($"{source} does not exist: name a store of clipcore run, a folder of pictures, or a list.");
        ClipModel loaded = model.Load(result, needsTexts || judging != Judging.None ? TowerSelection.All : TowerSelection.VisionOnly);
        return source != null && EffectSource.IsStore(source)
            ? _effects.OpenStore(result, source, loaded, model.Path(result), judging, cancellation)
            : _effects.Compute(result, source, demo, loaded, model.Path(result), judging, cancellation);
    }

    /// <summary>Opens effects to span heads of: as <see cref="Open"/>, but of a store that keeps statistics alone these are enough.</summary>
    public EffectInput OpenForSpans(ParseResult result, ModelArguments model, Func<ImageSet> demo, CancellationToken cancellation)
    {
        string? source = Source(result);
        if (Arrays(result) != null || source == null || !EffectSource.IsStore(source))
            return Open(result, model, demo, Judging.IfKnown, cancellation);
        StoreStatistics statistics = EffectStore.OpenStatistics(source);
        ClipModel loaded = model.Load(result);
        loaded.Identity.Require(statistics.Identity, source);
        return statistics.IsStatisticsOnly ? new EffectInput(statistics, source, loaded)
            : _effects.OpenStore(result, source, loaded, model.Path(result), Judging.IfKnown, cancellation);
    }

    static EffectInput OpenArrays(string folder)
    {
        ReferenceArrays arrays = ReferenceArrays.Open(folder);
        LinearClassifier? classifier = ReferenceArrays.Find(folder, "classifier") == null ? null
            : new LinearClassifier(ReferenceArrays.ReadClassifier(folder, arrays.EmbedWidth), arrays.EmbedWidth);
        return new EffectInput(arrays, folder, null) { Classifier = classifier, ClassesFrom = classifier == null ? null : "classifier.npy" };
    }
}

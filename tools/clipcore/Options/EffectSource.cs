using System.CommandLine;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.EffectSets;

namespace ClipCore.Cli.Options;

/// <summary>Effects of a store or of pictures, and the classes to judge them by.</summary>
sealed class EffectSource
{
    readonly ClassArguments _classes;
    readonly ImageLimit _limit;
    readonly DataArguments _layout;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="classes">The options about classes.</param>
    public EffectSource(Command command, ClassArguments classes)
    {
        _classes = classes;
        _limit = new ImageLimit(command);
        _layout = new DataArguments(command);
    }

    /// <summary>Whether a path is a store.</summary>
    public static bool IsStore(string path) => File.Exists(Path.Combine(path, EffectStore.ManifestName));

    /// <summary>Pictures with more pixels are refused.</summary>
    public long MaxPixels(ParseResult result) => _limit.Read(result);

    /// <summary>Opens a store, or computes the effects of pictures, for an experiment that judges by classes. The model stays the caller's.</summary>
    public EffectInput Open(
        ParseResult result, string? data, Func<ImageSet> demo, ClipModel model, string? modelPath, Judging judging, CancellationToken cancellation)
    {
        EffectInput input = data != null && IsStore(data) ? OpenStore(result, data, model, modelPath, judging, cancellation)
            : Compute(result, data, demo, model, modelPath, judging, cancellation);
        return input with { OwnsModel = false };
    }

    /// <summary>Opens the effects of a store.</summary>
    public EffectInput OpenStore(ParseResult result, string path, ClipModel model, string? modelPath, Judging judging, CancellationToken cancellation)
    {
        EffectStore store = EffectStore.Open(path);
        try
        {
            model.Identity.Require(store.Identity, path);
            (LinearClassifier? classifier, string? from) = Classes(
                result, model, modelPath, path, store.ClassNames, Largest(store.Labels ?? []), store.Classes, isStore: true, judging, cancellation);
            return new EffectInput(store, path, model) { Classifier = classifier, ClassesFrom = from };
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Computes the effects of pictures, or of the built-in model's own data. What is wrong with their classes is told before.</summary>
    public EffectInput Compute(
        ParseResult result, string? data, Func<ImageSet> demo, ClipModel model, string? modelPath, Judging judging, CancellationToken cancellation)
    {
        if (data == null && modelPath != null)
            throw new UserException("--model without pictures: name the pictures to run it on with --data, or a store.");
        ImageSet images = data != null ? _layout.Open(result, data) : demo();
        (LinearClassifier? classifier, string? from) = Classes(
            result, model, modelPath, images.Name, images.ClassNames, Largest(images.Entries.Select(entry => entry.Label)), null, isStore: false, judging,
            cancellation);
        EffectSet effects;
        IReadOnlyList<SkippedImage> skipped;
        using (Progress progress = new("decomposing", "images", images.Count))
            effects = EffectStore.Compute(
                model, images, out skipped, new StoreOptions { MaxPixels = _limit.Read(result), Strict = _limit.IsStrict(result) }, progress, cancellation);
        Skips.Tell(result, skipped);
        return new EffectInput(effects, images.Name, model) { Classifier = classifier, ClassesFrom = from, Skipped = Skips.Of(skipped) };
    }

    static int Largest(IEnumerable<int> labels) => labels.DefaultIfEmpty(-1).Max();

    (LinearClassifier? Classifier, string? From) Classes(
        ParseResult result, ClipModel model, string? modelPath, string data, IReadOnlyList<string> names, int largest, ClassList? stored, bool isStore,
        Judging judging, CancellationToken cancellation)
    {
        if (judging == Judging.None)
            return (null, null);
        JudgedClasses? classes;
        try
        {
            classes = JudgedClasses.Find(result, _classes, modelPath, data, names, largest, stored, isStore || judging == Judging.Named);
        }
        catch (Exception exception) when (judging == Judging.IfKnown && exception is UserException or DataSetException)
        {
            return (null, null);
        }
        if (classes == null)
            return (null, null);
        Encoders.RequireTexts(model);
        return (classes.Encode(model, _classes.OfModel(result, modelPath), cancellation), classes.Source);
    }
}

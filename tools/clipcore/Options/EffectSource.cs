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
        model.Identity.Require(store.Identity, path);
        return Judge(new EffectInput(store, path, model), store.Classes, isStore: true, result, modelPath, judging, cancellation);
    }

    /// <summary>Computes the effects of pictures, or of the built-in model's own data.</summary>
    public EffectInput Compute(
        ParseResult result, string? data, Func<ImageSet> demo, ClipModel model, string? modelPath, Judging judging, CancellationToken cancellation)
    {
        if (data == null && modelPath != null)
            throw new UserException("--model without pictures: name the pictures to run it on with --data, or a store.");
        ImageSet images = data != null ? _layout.Open(result, data) : demo();
        EffectSet effects;
        IReadOnlyList<SkippedImage> skipped;
        using (Progress progress = new("decomposing", "images", images.Count))
            effects = EffectStore.Compute(
                model, images, out skipped, new StoreOptions { MaxPixels = _limit.Read(result), Strict = _limit.IsStrict(result) }, progress, cancellation);
        Skips.Tell(result, skipped);
        EffectInput input = new(effects, images.Name, model) { Skipped = Skips.Of(skipped) };
        return Judge(input, null, isStore: false, result, modelPath, judging, cancellation);
    }

    EffectInput Judge(
        EffectInput input, ClassList? stored, bool isStore, ParseResult result, string? modelPath, Judging judging, CancellationToken cancellation)
    {
        if (judging == Judging.None)
            return input;
        int largest = input.Effects.Labels is { Length: > 0 } labels ? labels.Max() : -1;
        JudgedClasses? classes;
        try
        {
            classes = JudgedClasses.Find(
                result, _classes, modelPath, input.Name, input.Effects.ClassNames, largest, stored, isStore || judging == Judging.Named);
        }
        catch (Exception exception) when (judging == Judging.IfKnown && exception is UserException or DataSetException)
        {
            return input;
        }
        if (classes == null)
            return input;
        Encoders.RequireTexts(input.Model!);
        LinearClassifier classifier = classes.Encode(input.Model!, _classes.OfModel(result, modelPath), cancellation);
        return input with { Classifier = classifier, ClassesFrom = classes.Source };
    }
}

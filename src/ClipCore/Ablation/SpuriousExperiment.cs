using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Ablation;

/// <summary>
/// Accuracy by group before and after the heads of a spurious cue are replaced by their means, beside random choices of as many heads (arXiv 2310.05916,
/// section 4.3). Two passes over the images whatever the number of draws; the memory does not depend on the number of images, labels aside. Safe for many
/// threads where the set is.
/// </summary>
public static class SpuriousExperiment
{
    /// <summary>Runs it. Means are those of the judged images.</summary>
    /// <param name="splits">The images to judge; with labels and attributes.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="heads">The heads of the cue (<see cref="HeadChoice"/>), or any components.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told how many images are judged.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="ArgumentException">
    /// There is no head, the set does not hold one of them one by one, or fewer heads than the random draws need.
    /// </exception>
    /// <exception cref="InvalidDataException">The set has no labels or attributes, or they do not fit the classifier.</exception>
    public static SpuriousResult Run(
        DataSplits splits, LinearClassifier classifier, IReadOnlyCollection<ComponentLabel> heads, SpuriousOptions? options = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(splits);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(heads);
        options ??= new SpuriousOptions();
        EffectSet set = splits.Judged;
        if (heads.Count == 0)
            throw new ArgumentException("Name at least one head of the cue.", nameof(heads));
        SpuriousCue.RequireGroups(set);
        ComponentLabel[] besides = [.. (options.Protocol == SpuriousProtocol.Reference ? SpuriousCue.ReferenceProtocol(set) : []).Concat(options.Besides)
            .Distinct()];
        int count = heads.Count(label => label.Kind == ComponentKind.Head);
        ComponentLabel[][] drawn = [.. options.Seeds.Select(seed => SpuriousCue.RandomHeads(set, count, seed))];
        IReadOnlyCollection<ComponentLabel> With(IEnumerable<ComponentLabel> chosen) => [.. chosen.Concat(besides).Distinct()];
        IReadOnlyCollection<ComponentLabel>[] choices = [[], With(heads), .. drawn.Select(With)];
        foreach (IReadOnlyCollection<ComponentLabel> choice in choices)
            set.Require(choice);
        IReadOnlyList<GroupAccuracy> found = SpuriousCue.Evaluate(set, classifier, EffectMeans.Of(set, null, cancellation), choices, progress, cancellation);
        return new SpuriousResult(
            splits, [.. heads], besides, found[0], found[1], [.. drawn.Select((choice, i) => new SpuriousControl(options.Seeds[i], choice, found[2 + i]))]);
    }
}

using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.TextSpan;

namespace ClipCore.Ablation;

/// <summary>Ways to choose the heads of a cue without looking at what is judged. Safe for many threads.</summary>
public static class HeadChoice
{
    /// <summary>The heads whose first texts speak of the cue: a head is taken where enough of them hold one of the words, case aside.</summary>
    /// <param name="spans">Texts of the heads.</param>
    /// <param name="pool">The pool they were picked from.</param>
    /// <param name="words">Words of the cue, such as places.</param>
    /// <param name="least">How many of the first texts must hold a word.</param>
    /// <param name="texts">How many first texts are looked at.</param>
    /// <returns>The heads in the order of the spans; none where no head speaks of the cue.</returns>
    /// <exception cref="ArgumentException">There is no word, or the spans are of another pool.</exception>
    public static IReadOnlyList<ComponentLabel> ByKeywords(
        IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans, TextPool pool, IReadOnlyCollection<string> words, int least = 5, int texts = 5)
    {
        ArgumentNullException.ThrowIfNull(spans);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(words);
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(texts, least);
        if (words.Count == 0 || words.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("Name at least one word of the cue, and none that is blank.", nameof(words));
        if (spans.Values.Any(span => span.Indices.Any(index => index >= pool.Count)))
            throw new ArgumentException($"The spans were picked from another pool: {pool.Name} has {pool.Count} texts.", nameof(pool));
        bool Holds(int index) => words.Any(word => pool.Texts[index].Contains(word, StringComparison.OrdinalIgnoreCase));
        return [.. spans.Where(pair => pair.Value.Indices.Take(texts).Count(Holds) >= least).Select(pair => pair.Key)];
    }

    /// <summary>The heads that speak most for the attribute and least for the class (<see cref="HeadContrast.Cue"/>), the strongest first.</summary>
    /// <param name="validation">Images that are not judged, with labels and attributes of two values each.</param>
    /// <param name="classifier">Two classes.</param>
    /// <param name="count">How many heads.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="ArgumentOutOfRangeException">The set has fewer heads one by one.</exception>
    /// <exception cref="InvalidDataException">There are other than two classes or attributes, or a group without images.</exception>
    public static IReadOnlyList<ComponentLabel> ByContrast(
        EffectSet validation, LinearClassifier classifier, int count, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (validation.LayerCount - validation.FirstHeadLayer) * validation.HeadCount);
        return [.. SpuriousCue.Contrast(validation, classifier, progress, cancellation).OrderByDescending(head => head.Cue).Take(count)
            .Select(head => head.Head)];
    }
}

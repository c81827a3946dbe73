using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Lanes;
using ClipCore.Text;

namespace ClipCore.Retrieval;

/// <summary>
/// Finds images of a set for a text or like an image, by the whole representation or through chosen components, and tells how often texts find their images.
/// Images are compared by what differs from the mean of the set, since the mean effect of a head is large and says nothing; whole representations as they are.
/// All arithmetic is in double precision and in order, so that rankings are the same on every machine. What is kept of an image is its score for each term.
/// Safe for many threads where the set is.
/// </summary>
public static class ImageSearch
{
    /// <summary>Texts that are asked for in one pass over the images: what bounds the memory.</summary>
    const int TextsAtATime = 4096;

    /// <summary>The numbers of images that recall is given for.</summary>
    public static IReadOnlyList<int> Cuts { get; } = [1, 5, 10];

    /// <summary>Finds the images that answer a query best; of equal ones the lower index first.</summary>
    /// <param name="set">The images.</param>
    /// <param name="terms">
    /// The query. Of several terms each is taken less its mean over the images and divided by its standard deviation, so that terms of different scales weigh
    /// alike.
    /// </param>
    /// <param name="count">How many images; all where there are fewer. An image that is the only term is left out: it is always like itself.</param>
    /// <param name="progress">Told how many images are done, in each pass over them.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="ArgumentException">
    /// There is no term, one is of another width, names no image of the set, or components that the set does not hold.
    /// </exception>
    public static IReadOnlyList<FoundImage> Find(
        EffectSet set, IReadOnlyList<SearchTerm> terms, int count, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (terms.Count == 0)
            throw new ArgumentException("A query needs at least one term.", nameof(terms));
        foreach (SearchTerm term in terms)
            Require(set, term);
        PartVectors parts = new(set, terms.Select(term => term.Components));
        double[][] centers = Centers(set, terms, parts, progress, cancellation);
        TermScore[] scorers = [.. terms.Select((term, i) => new TermScore(term.Kind == SearchKind.Text, Query(parts, term, i), centers[i]))];
        double[][] scores = [.. terms.Select(_ => new double[set.ImageCount])];
        parts.ForEach(
            image =>
            {
                for (int i = 0; i < scorers.Length; i++)
                    scores[i][image] = scorers[i].Of(parts[i]);
            },
            progress, cancellation);
        double[] together = scores.Length == 1 ? scores[0] : Ranking.Combine(scores);
        int self = terms.Count == 1 ? terms[0].Image : -1;
        return
        [
            .. Ranking.Top(together, count, self)
                .Select(image => new FoundImage(image, set.Names?[image], together[image], [.. scores.Select(term => term[image])])),
        ];
    }

    /// <summary>Recall of the set's captions: every different caption is asked for, and every image that bears it is right.</summary>
    /// <param name="set">The images, with captions.</param>
    /// <param name="encoder">The text tower of the model that made the effects.</param>
    /// <param name="components">The components to ask through; null for the whole representation.</param>
    /// <param name="progress">Told how many captions are done.</param>
    /// <param name="cancellation">Looked at between texts and images.</param>
    /// <exception cref="ArgumentException">The encoder is of another width, or the set does not hold a component.</exception>
    /// <exception cref="InvalidDataException">The set has no captions.</exception>
    public static RetrievalRecall RecallOfCaptions(
        EffectSet set, ITextEncoder encoder, IReadOnlyList<ComponentLabel>? components = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(encoder);
        if (set.Captions == null || set.Captions.All(caption => caption.Length == 0))
            throw new InvalidDataException("This set has no captions to ask for: give a list with what each image shows in words.");
        if (encoder.EmbedWidth != set.EmbedWidth)
            throw new ArgumentException(
                $"The encoder gives {encoder.EmbedWidth} floats, but the effects have {set.EmbedWidth}: they belong to different models.", nameof(encoder));
        Dictionary<string, int> texts = [];
        int[] answers = [.. set.Captions.Select(caption => caption.Length == 0 ? -1 : texts.TryAdd(caption, texts.Count) ? texts.Count - 1 : texts[caption])];
        string[] captions = [.. texts.Keys];
        return Recall(
            set, components, answers, captions.Length,
            (first, rows) => encoder.EncodeTexts(captions.AsSpan(first, rows.Length / set.EmbedWidth).ToArray(), rows, normalize: true, null, cancellation),
            progress, cancellation);
    }

    /// <summary>Recall of the set's classes: every class that occurs is asked for, and every image of it is right.</summary>
    /// <param name="set">The images, with labels.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="components">The components to ask through; null for the whole representation.</param>
    /// <param name="progress">Told how many classes are done.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="ArgumentException">The set does not hold a component.</exception>
    /// <exception cref="InvalidDataException">The set has no labels, or they do not fit the classes.</exception>
    public static RetrievalRecall RecallOfClasses(
        EffectSet set, LinearClassifier classes, IReadOnlyList<ComponentLabel>? components = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        int[] labels = set.RequireClasses(classes), present = [.. labels.Where(label => label >= 0).Distinct().Order()];
        int[] places = new int[classes.ClassCount];
        for (int i = 0; i < present.Length; i++)
            places[present[i]] = i;
        return Recall(
            set, components, [.. labels.Select(label => label < 0 ? -1 : places[label])], present.Length,
            (first, rows) =>
            {
                for (int i = 0; i < rows.Length / set.EmbedWidth; i++)
                    classes.Rows.Slice(present[first + i] * set.EmbedWidth, set.EmbedWidth).CopyTo(rows.AsSpan(i * set.EmbedWidth));
            },
            progress, cancellation);
    }

    /// <summary>Recall of texts, some thousands at a time.</summary>
    /// <param name="set">The images.</param>
    /// <param name="components">The components to ask through.</param>
    /// <param name="answers">The text that each image answers; −1 for none. [n]</param>
    /// <param name="count">Number of texts; each is answered.</param>
    /// <param name="encode">Writes the representations of the texts from one on. [some, e]</param>
    /// <param name="progress">Told how many texts are done.</param>
    /// <param name="cancellation">Looked at between images.</param>
    static RetrievalRecall Recall(
        EffectSet set, IReadOnlyList<ComponentLabel>? components, int[] answers, int count, Action<int, float[]> encode, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        int width = set.EmbedWidth;
        PartVectors parts = new(set, [components ?? []]);
        int[] hits = new int[Cuts.Count];
        double[] image = new double[width];
        for (int first = 0; first < count; first += TextsAtATime)
        {
            int size = Math.Min(TextsAtATime, count - first), start = first;
            float[] rows = new float[size * width];
            encode(first, rows);
            double[] texts = [.. rows.Select(value => (double)value)], best = new double[size];
            int[] found = new int[size], before = new int[size];
            Array.Fill(found, -1);
            double Score(int text) => Doubles.Dot(image, texts.AsSpan(text * width, width));
            parts.ForEach(
                i =>
                {
                    int text = answers[i] - start;
                    if ((uint)text >= (uint)size)
                        return;
                    Widen(parts[0], image);
                    double score = Score(text);
                    if (found[text] < 0 || score > best[text])
                        (found[text], best[text]) = (i, score);
                },
                null, cancellation);
            // What comes before the best right image: larger scores, and equal ones of a lower index.
            parts.ForEach(
                i =>
                {
                    Widen(parts[0], image);
                    for (int text = 0; text < size; text++)
                    {
                        double score = Score(text);
                        before[text] += score > best[text] || (score == best[text] && i < found[text]) ? 1 : 0;
                    }
                },
                null, cancellation);
            for (int cut = 0; cut < hits.Length; cut++)
                hits[cut] += before.Count(rank => rank < Cuts[cut]);
            progress?.Report(first + size);
        }
        return new RetrievalRecall(count, Cuts, [.. hits.Select(hit => (double)hit / count)]);
    }

    static void Require(EffectSet set, SearchTerm term)
    {
        if (term.Kind == SearchKind.Image && term.Image >= set.ImageCount)
            throw new ArgumentException($"There is no image {term.Image}: the set has {set.ImageCount}, counted from 0.", nameof(term));
        if (term.Kind != SearchKind.Image && term.Vector.Length != set.EmbedWidth)
            throw new ArgumentException(
                $"{term} has {term.Vector.Length} floats, but the effects have {set.EmbedWidth}: they belong to different models.", nameof(term));
    }

    /// <summary>The means that parts are compared without; zero where a term asks for a text or by the whole representation. [terms][e]</summary>
    static double[][] Centers(EffectSet set, IReadOnlyList<SearchTerm> terms, PartVectors parts, IProgress<int>? progress, CancellationToken cancellation)
    {
        double[][] centers = [.. terms.Select(_ => new double[set.EmbedWidth])];
        int[] centered = [.. Enumerable.Range(0, terms.Count).Where(i => terms[i].Kind != SearchKind.Text && terms[i].Components.Count > 0)];
        if (centered.Length == 0)
            return centers;
        parts.ForEach(
            _ =>
            {
                foreach (int i in centered)
                    for (int j = 0; j < centers[i].Length; j++)
                        centers[i][j] += parts[i][j];
            },
            progress, cancellation);
        foreach (int i in centered)
            for (int j = 0; j < centers[i].Length; j++)
                centers[i][j] /= set.ImageCount;
        return centers;
    }

    static float[] Query(PartVectors parts, SearchTerm term, int part)
    {
        if (term.Kind != SearchKind.Image)
            return term.Vector.ToArray();
        parts.Read(term.Image);
        return parts[part].ToArray();
    }

    static void Widen(ReadOnlySpan<float> source, double[] destination)
    {
        for (int j = 0; j < destination.Length; j++)
            destination[j] = source[j];
    }
}

using System.Globalization;
using ClipCore.Decomposition;
using ClipCore.Retrieval;

namespace ClipCore.Cli.Data;

/// <summary>One term of a query: like a picture, like an image of the set, or for a text; by the whole representation or by some components.</summary>
/// <param name="Components">The components to compare by; none for the whole representation.</param>
/// <param name="Image">A picture file that need not belong to the set; null for others.</param>
/// <param name="Index">An image of the set; −1 for others.</param>
/// <param name="Text">A text; null for others.</param>
sealed record RetrievalTerm(ComponentLabel[] Components, string? Image, int Index, string? Text)
{
    /// <summary>What the term asks for.</summary>
    public string Query => Image ?? Text ?? string.Create(CultureInfo.InvariantCulture, $"{Index}");

    /// <summary>What it compares by.</summary>
    public string By => Components.Length == 0 ? "the whole representation" : string.Join(" + ", Components);

    /// <summary>In words.</summary>
    public string Describe() => $"{(Text != null ? $"\u201C{Text}\u201D" : Image != null ? Path.GetFileName(Image) : $"image {Query}")} {(Text != null && Components.Length > 0 ? "through" : "by")} {By}";
}

/// <summary>The queries as the user typed them.</summary>
/// <param name="Texts">Texts.</param>
/// <param name="Images">Pictures, or names or indexes of images of the data.</param>
/// <param name="Parts">Components to compare by: none, once for all queries, or once for each, texts first.</param>
sealed record QueryWords(string[] Texts, string[] Images, string[] Parts)
{
    /// <summary>How many queries there are.</summary>
    public int Count => Texts.Length + Images.Length;

    /// <summary>What the words mean for the images to search.</summary>
    public RetrievalTerm[] Read(RetrievalInput input)
    {
        if (Texts.Any(string.IsNullOrWhiteSpace))
            throw new UserException("--text is empty: write what to look for.");
        if (Images.Any(string.IsNullOrWhiteSpace))
            throw new UserException("--image is empty: name a picture, or an image of the data.");
        if (Parts.Length > 1 && Parts.Length != Count)
            throw new UserException($"--heads was given {Parts.Length} times for {Count} queries: give it once for all, or once for each (texts first, then images).");
        return
        [
            .. Texts.Select((text, i) => new RetrievalTerm(Components(input, i), null, -1, text)),
            .. Images.Select((image, i) => new RetrievalTerm(Components(input, Texts.Length + i), input.PictureOf(image), input.IndexOf(image), null)),
        ];
    }

    /// <summary>The components that recall asks through.</summary>
    public ComponentLabel[] Through(RetrievalInput input) => Parts.Length > 1 ? throw new UserException("--recall takes --heads once, for all its queries.") : Components(input, 0);

    ComponentLabel[] Components(RetrievalInput input, int query)
    {
        if (Parts.Length == 0)
            return [];
        ComponentLabel[] components = Commands.Labels.Read("--heads", Parts[Parts.Length == 1 ? 0 : query].Replace('+', ' '), input.Effects);
        return components.Length > 0 ? components : throw new UserException("--heads names no component: write L5.H2, or several such as L5.H2 + L4.H0.");
    }
}

/// <summary>One image that was found.</summary>
/// <param name="Index">Its index in the set.</param>
/// <param name="Score">Its score.</param>
/// <param name="Terms">Its score for each term of the query.</param>
sealed record FoundImage(int Index, double Score, double[] Terms);

/// <summary>Share of the queries that were answered within the first 1, 5 and 10 images.</summary>
/// <param name="Kind">What the queries were: captions or classes.</param>
/// <param name="Queries">How many.</param>
/// <param name="Shares">For each of <see cref="Cuts"/>.</param>
sealed record RetrievalRecall(string Kind, int Queries, double[] Shares)
{
    /// <summary>The numbers of images that count.</summary>
    public static ReadOnlySpan<int> Cuts => [1, 5, 10];

    /// <summary>Recall of texts against an index.</summary>
    /// <param name="kind">What the texts are.</param>
    /// <param name="index">The images.</param>
    /// <param name="texts">Unit text representations. [t, e]</param>
    /// <param name="isRight">Whether an image answers a text.</param>
    public static RetrievalRecall Of(string kind, PartIndex index, float[] texts, Func<int, int, bool> isRight)
    {
        int[] ranks = new int[texts.Length / index.Width];
        for (int t = 0; t < ranks.Length; t++)
        {
            int text = t;
            ranks[t] = Ranking.RankOfFirst(index.SpeakFor(texts.AsSpan(t * index.Width, index.Width)), image => isRight(text, image));
        }
        double[] shares = new double[Cuts.Length];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = Ranking.RecallAt(ranks, Cuts[i]);
        return new RetrievalRecall(kind, ranks.Length, shares);
    }
}

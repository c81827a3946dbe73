using System.Globalization;
using ClipCore.Decomposition;
using ClipCore.Retrieval;

namespace ClipCore.Cli.Data;

/// <summary>One term of a query: like a picture, like an image of the set, or for a text; by the whole representation or by some components.</summary>
/// <param name="Components">The components to compare by; none for the whole representation.</param>
/// <param name="Image">A picture file; null for others.</param>
/// <param name="Index">An image of the set; −1 for others.</param>
/// <param name="Text">A text; null for others.</param>
sealed record RetrievalTerm(ComponentLabel[] Components, string? Image, int Index, string? Text)
{
    /// <summary>What the term asks for.</summary>
    public string Query => Image ?? Text ?? string.Create(CultureInfo.InvariantCulture, $"#{Index}");

    /// <summary>What it compares by.</summary>
    public string By => Components.Length == 0 ? "the whole representation" : string.Join(" + ", Components);

    /// <summary>In words.</summary>
    public string Describe() => $"{(Text != null ? $"\u201C{Text}\u201D" : Image != null ? Path.GetFileName(Image) : $"image {Query}")} {(Text != null && Components.Length > 0 ? "through" : "by")} {By}";

    /// <summary>Reads a term.</summary>
    /// <param name="option">The option it came from, for errors.</param>
    /// <param name="heads">Components apart by + or commas; null for the whole representation.</param>
    /// <param name="query">A picture file, <c>#N</c> for an image of the set, or a text.</param>
    /// <param name="isText">Whether it is a text, or else a picture; null where that is to be seen from the query.</param>
    /// <param name="set">The images.</param>
    public static RetrievalTerm Read(string option, string? heads, string query, bool? isText, EffectSet set)
    {
        if (string.IsNullOrWhiteSpace(query))
            throw new UserException($"{option} is empty: give a picture, a text, or #N for an image of the set.");
        ComponentLabel[] components = [];
        if (heads != null)
        {
            components = Commands.Labels.Read(option, heads.Replace('+', ' '), set);
            if (components.Length == 0)
                throw new UserException($"{option} names no component: write L5.H2, or several such as L5.H2 + L4.H0.");
        }
        if (isText != true && query[0] == '#' && int.TryParse(query.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return index < set.ImageCount ? new RetrievalTerm(components, null, index, null)
                : throw new UserException($"{option} {query}: there are {set.ImageCount} images, #0 … #{set.ImageCount - 1}.");
        return isText ?? !IsPicture(query) ? new RetrievalTerm(components, null, -1, query) : new RetrievalTerm(components, query, -1, null);
    }

    /// <summary>Reads <c>HEADS=QUERY</c>.</summary>
    public static RetrievalTerm ReadPart(string part, EffectSet set)
    {
        int split = part.IndexOf('=', StringComparison.Ordinal);
        return split > 0 ? Read("--part", part[..split], part[(split + 1)..], null, set)
            : throw new UserException($"--part {part} has no HEADS=QUERY: write for example --part \"L5.H2=red-car.png\" or --part \"L4.H3=a photo in the snow\".");
    }

    static bool IsPicture(string query) => File.Exists(query) || Path.GetExtension(query).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg";
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

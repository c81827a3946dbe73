using System.Globalization;
using ClipCore.Decomposition;
using ClipCore.Numerics;

namespace ClipCore.Cli.Data;

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

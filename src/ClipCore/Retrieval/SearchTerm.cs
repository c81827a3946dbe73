using System.Globalization;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.Images;
using ClipCore.Text;

namespace ClipCore.Retrieval;

/// <summary>
/// One term of a search: for a text, or like an image; by the whole representation, or through some components such as the heads of one property. Several make
/// a compound query: the colour of one image and the position of another. Immutable, safe for many threads.
/// </summary>
public sealed class SearchTerm
{
    readonly float[] _vector;

    SearchTerm(SearchKind kind, string query, int image, float[] vector, IReadOnlyCollection<ComponentLabel>? components) =>
        (Kind, Query, Image, _vector, Components) = (kind, query, image, vector, [.. components ?? []]);

    /// <summary>What it asks for.</summary>
    public SearchKind Kind { get; }

    /// <summary>The text, the name of the picture, or the image's index.</summary>
    public string Query { get; }

    /// <summary>The image of the set; −1 for others.</summary>
    public int Image { get; }

    /// <summary>The components to compare by; none for the whole representation.</summary>
    public IReadOnlyList<ComponentLabel> Components { get; }

    /// <summary>The representation of the text, or the picture's part; empty for an image of the set. [e]</summary>
    public ReadOnlySpan<float> Vector => _vector;

    /// <summary>Images that speak for a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="encoder">The text tower of the model that made the effects.</param>
    /// <param name="components">The components to ask through; null for the whole representation.</param>
    /// <exception cref="ArgumentException">The text is blank.</exception>
    public static SearchTerm ForText(string text, ITextEncoder encoder, IReadOnlyCollection<ComponentLabel>? components = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentNullException.ThrowIfNull(encoder);
        float[] vector = new float[encoder.EmbedWidth];
        encoder.EncodeTexts([text], vector);
        return new SearchTerm(SearchKind.Text, text, -1, vector, components);
    }

    /// <summary>Images that speak for a text whose representation is known.</summary>
    /// <param name="text">The text, for people.</param>
    /// <param name="representation">Its unit representation; copied. [e]</param>
    /// <param name="components">The components to ask through; null for the whole representation.</param>
    public static SearchTerm ForText(string text, ReadOnlySpan<float> representation, IReadOnlyCollection<ComponentLabel>? components = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new SearchTerm(SearchKind.Text, text, -1, representation.ToArray(), components);
    }

    /// <summary>Images like one of the set.</summary>
    /// <param name="image">Its index.</param>
    /// <param name="components">The components to compare by; null for the whole representation.</param>
    public static SearchTerm LikeImage(int image, IReadOnlyCollection<ComponentLabel>? components = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        return new SearchTerm(SearchKind.Image, image.ToString(CultureInfo.InvariantCulture), image, [], components);
    }

    /// <summary>Images like a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="model">The model that made the effects.</param>
    /// <param name="components">The components to compare by; null for the whole representation.</param>
    /// <param name="maxPixels">A larger picture is refused.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">It is missing or unreadable.</exception>
    /// <exception cref="ArgumentException">A component lies outside the model.</exception>
    public static SearchTerm LikePicture(
        ImageSource picture, IImageModel model, IReadOnlyCollection<ComponentLabel>? components = null, long maxPixels = ImageDecoder.DefaultMaxPixels)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(model);
        int layers = model.VisionConfig.LayerCount, heads = model.VisionConfig.HeadCount;
        foreach (ComponentLabel label in components ?? [])
            if (label.Layer < 0 || label.Layer >= layers || label.Head < 0 || label.Head >= heads)
                throw new ArgumentException($"{label} is no component of a model of {layers} layers with {heads} heads.", nameof(components));
        using Stream stream = picture.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        float[] pixels = new float[model.Preprocessor.PixelCount], part = new float[model.EmbedWidth];
        model.Preprocessor.Normalize(model.Preprocessor.Prepare(ImageDecoder.Decode(bytes.ToArray(), picture.Name, maxPixels)).Rgb, pixels);
        DirectEffects effects = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Head });
        PartVectors.Sum([.. components ?? []], effects.AttentionValues, effects.MlpValues, heads, part);
        return new SearchTerm(SearchKind.Picture, picture.Name, -1, part, components);
    }

    /// <summary>In words.</summary>
    public override string ToString()
    {
        string what = Kind switch
        {
            SearchKind.Text => $"\u201C{Query}\u201D",
            SearchKind.Image => $"image {Query}",
            _ => Query,
        };
        string by = Components.Count == 0 ? "the whole representation" : string.Join(" + ", Components);
        return $"{what} {(Kind == SearchKind.Text && Components.Count > 0 ? "through" : "by")} {by}";
    }
}

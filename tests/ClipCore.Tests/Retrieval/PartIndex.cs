using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Tests.Retrieval;

/// <summary>
/// One part of the representations of many images, all in memory: what <see cref="ClipCore.Retrieval.ImageSearch"/> must agree with.
/// </summary>
sealed class PartIndex
{
    readonly float[] _vectors;
    readonly double[] _center;
    readonly double[] _lengths;

    /// <summary>Takes the vectors of the part.</summary>
    /// <param name="vectors">[n, e]</param>
    /// <param name="width">e.</param>
    /// <param name="isCentered">Whether to compare by what differs from the mean of the images: the mean effect of a head is large and says nothing.</param>
    /// <exception cref="ArgumentException">The length is not a whole number of rows.</exception>
    public PartIndex(float[] vectors, int width, bool isCentered)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (vectors.Length == 0 || vectors.Length % width != 0)
            throw new ArgumentException($"Images are rows of {width} floats: {vectors.Length} floats are not a whole number of them.", nameof(vectors));
        (_vectors, EmbedWidth, Count, _center) = (vectors, width, vectors.Length / width, new double[width]);
        if (isCentered)
            SetCenter();
        _lengths = [.. Enumerable.Range(0, Count).Select(image => Length(this[image]))];
    }

    /// <summary>Number of images (n).</summary>
    public int Count { get; }

    /// <summary>Width of the shared space (e).</summary>
    public int EmbedWidth { get; }

    /// <summary>The part of one image, as it is. [e]</summary>
    public ReadOnlySpan<float> this[int image] => _vectors.AsSpan(image * EmbedWidth, EmbedWidth);

    /// <summary>Makes the indexes of several parts in one pass over the images.</summary>
    /// <param name="set">The images' direct effects.</param>
    /// <param name="parts">The components of each part; none stands for the whole representation, which is compared without centring.</param>
    /// <exception cref="ArgumentException">The set does not hold a head one by one.</exception>
    public static PartIndex[] Build(EffectSet set, IReadOnlyList<ComponentLabel[]> parts)
    {
        foreach (ComponentLabel[] part in parts)
            set.Require(part);
        int width = set.EmbedWidth;
        float[] heads = new float[set.LayerCount * set.HeadCount * width], mlps = new float[(set.LayerCount + 1) * width];
        float[][] vectors = [.. parts.Select(_ => new float[checked(set.ImageCount * width)])];
        for (int image = 0; image < set.ImageCount; image++)
        {
            set.Read(image, heads, mlps, []);
            for (int part = 0; part < vectors.Length; part++)
                Sum(parts[part], heads, mlps, set.HeadCount, vectors[part].AsSpan(image * width, width));
        }
        return [.. vectors.Select((values, part) => new PartIndex(values, width, isCentered: parts[part].Length > 0))];
    }

    /// <summary>The part of one image's representation: the sum of its components.</summary>
    /// <param name="components">The components; none for the whole representation.</param>
    /// <param name="heads">Effects of the heads. [L, H, e]</param>
    /// <param name="mlps">Effects of the embedding and the MLPs. [L + 1, e]</param>
    /// <param name="headCount">H.</param>
    /// <param name="destination">[e]</param>
    static void Sum(ReadOnlySpan<ComponentLabel> components, ReadOnlySpan<float> heads, ReadOnlySpan<float> mlps, int headCount, Span<float> destination)
    {
        int width = destination.Length;
        double[] sums = new double[width];
        if (components.IsEmpty)
        {
            AddRows(heads, sums);
            AddRows(mlps, sums);
        }
        foreach (ComponentLabel component in components)
            AddRows(
                component.Kind switch
                {
                    ComponentKind.Head => heads.Slice(((component.Layer * headCount) + component.Head) * width, width),
                    ComponentKind.Mlp => mlps.Slice((component.Layer + 1) * width, width),
                    _ => mlps[..width],
                },
                sums);
        for (int j = 0; j < width; j++)
            destination[j] = (float)sums[j];
    }

    /// <summary>The cosine of each image with a query image's same part; 0 where one of them is no different from the mean. [n]</summary>
    /// <param name="query">The part of the query image. [e]</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public double[] CompareTo(ReadOnlySpan<float> query)
    {
        Require(query.Length);
        double length = Length(query);
        double[] scores = new double[Count];
        for (int image = 0; image < Count; image++)
            if (length > 0 && _lengths[image] > 0)
            {
                double dot = 0;
                for (int j = 0; j < EmbedWidth; j++)
                    dot += (this[image][j] - _center[j]) * (query[j] - _center[j]);
                scores[image] = dot / (length * _lengths[image]);
            }
        return scores;
    }

    /// <summary>The direct effect of the part on a text's score, for each image: its dot product with the text. [n]</summary>
    /// <param name="text">A unit text representation. [e]</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public double[] SpeakFor(ReadOnlySpan<float> text)
    {
        Require(text.Length);
        double[] scores = new double[Count];
        for (int image = 0; image < Count; image++)
            for (int j = 0; j < EmbedWidth; j++)
                scores[image] += (double)this[image][j] * text[j];
        return scores;
    }

    static void AddRows(ReadOnlySpan<float> rows, double[] sums)
    {
        for (int start = 0; start < rows.Length; start += sums.Length)
            for (int j = 0; j < sums.Length; j++)
                sums[j] += rows[start + j];
    }

    void SetCenter()
    {
        AddRows(_vectors, _center);
        for (int j = 0; j < EmbedWidth; j++)
            _center[j] /= Count;
    }

    double Length(ReadOnlySpan<float> vector)
    {
        double squares = 0;
        for (int j = 0; j < EmbedWidth; j++)
            squares += (vector[j] - _center[j]) * (vector[j] - _center[j]);
        return Math.Sqrt(squares);
    }

    void Require(int length)
    {
        if (length != EmbedWidth)
            throw new ArgumentException($"A query has {EmbedWidth} floats, but {length} were given.");
    }
}

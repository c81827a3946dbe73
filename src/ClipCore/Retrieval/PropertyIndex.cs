using ClipCore.Decomposition;

namespace ClipCore.Retrieval;

/// <summary>An image of a set and how near it is.</summary>
/// <param name="Image">Its index.</param>
/// <param name="Score">Cosine, or a mean of cosines; larger is nearer.</param>
public readonly record struct Neighbor(int Image, double Score);

/// <summary>
/// Retrieval by one property: images are compared by the output of a head, of several, or by the whole representation; outputs are centred by their mean over the
/// set, which is what makes heads comparable (arXiv 2310.05916, section 5.1).
/// </summary>
public sealed class PropertyIndex
{
    readonly EffectSet _set;
    readonly float[] _heads, _mlps;

    /// <summary>An index over a set; the set stays open as long as the index is used.</summary>
    public PropertyIndex(EffectSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        _set = set;
        _heads = new float[set.LayerCount * set.HeadCount * set.Width];
        _mlps = new float[(set.LayerCount + 1) * set.Width];
    }

    /// <summary>What an image says through some components: the sum of their effects. [n, e], centred by the mean over the set.</summary>
    /// <param name="components">The components; empty for all of them, the whole representation, which is not centred.</param>
    public float[] Vectors(IReadOnlyCollection<ComponentLabel> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        int width = _set.Width, images = _set.ImageCount;
        bool isWhole = components.Count == 0;
        ComponentLabel[] parts = isWhole ? [.. ComponentLabel.All(_set.LayerCount, _set.HeadCount)] : [.. components];
        float[] vectors = new float[images * width];
        BlockMean mean = new(width);
        double[] sum = new double[width];
        for (int image = 0; image < images; image++)
        {
            _set.Read(image, _heads, _mlps, []);
            Array.Clear(sum);
            foreach (ComponentLabel part in parts)
            {
                ReadOnlySpan<float> effect = part.Kind switch
                {
                    ComponentKind.Embed => _mlps.AsSpan(0, width),
                    ComponentKind.Mlp => _mlps.AsSpan((part.Layer + 1) * width, width),
                    _ => _heads.AsSpan(((part.Layer * _set.HeadCount) + part.Head) * width, width),
                };
                for (int j = 0; j < width; j++)
                    sum[j] += effect[j];
            }
            Span<float> vector = vectors.AsSpan(image * width, width);
            for (int j = 0; j < width; j++)
                vector[j] = (float)sum[j];
            mean.Add(vector);
        }
        if (!isWhole)
        {
            double[] center = mean.Finish();
            for (int i = 0; i < vectors.Length; i++)
                vectors[i] = (float)(vectors[i] - center[i % width]);
        }
        return vectors;
    }

    /// <summary>The images whose vectors have the largest cosine with a query; of equal ones the first.</summary>
    /// <param name="vectors">[n, e]</param>
    /// <param name="query">[e]</param>
    /// <param name="count">How many, at most.</param>
    public static Neighbor[] Nearest(ReadOnlySpan<float> vectors, ReadOnlySpan<float> query, int count) => Rank(Cosines(vectors, query), count);

    /// <summary>The cosine of every vector with a query. [n]</summary>
    public static double[] Cosines(ReadOnlySpan<float> vectors, ReadOnlySpan<float> query)
    {
        int width = query.Length;
        double[] cosines = new double[vectors.Length / width];
        double length = Dot(query, query);
        for (int i = 0; i < cosines.Length; i++)
        {
            ReadOnlySpan<float> vector = vectors.Slice(i * width, width);
            double product = Dot(vector, vector) * length;
            cosines[i] = product > 0 ? Dot(vector, query) / Math.Sqrt(product) : 0;
        }
        return cosines;
    }

    /// <summary>The largest scores, the first of equal ones first.</summary>
    public static Neighbor[] Rank(double[] scores, int count)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count).Select(i => new Neighbor(i, scores[i]))];
    }

    static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}

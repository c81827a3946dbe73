using ClipCore.Numerics;

namespace ClipCore.EffectSets;

/// <summary>
/// A zero-shot classifier: the class whose direction has the largest dot product with a representation. Immutable, safe for many threads.
/// </summary>
public sealed class LinearClassifier
{
    readonly float[] _rows;

    /// <summary>Takes the directions of the classes.</summary>
    /// <param name="rows">The directions; not copied, and not to be changed afterwards. [c, e]</param>
    /// <param name="embedWidth">e.</param>
    /// <exception cref="ArgumentException">The length is not a whole number of rows.</exception>
    public LinearClassifier(float[] rows, int embedWidth)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(embedWidth, 1);
        if (rows.Length == 0 || rows.Length % embedWidth != 0)
            throw new ArgumentException($"Classes are rows of {embedWidth} floats: {rows.Length} floats are not a whole number of them.", nameof(rows));
        (_rows, EmbedWidth, ClassCount) = (rows, embedWidth, rows.Length / embedWidth);
        Names = [.. Enumerable.Range(0, ClassCount).Select(c => $"class {c}")];
    }

    /// <summary>Width of the shared space (e).</summary>
    public int EmbedWidth { get; }

    /// <summary>Names of the classes; "class 0" and so on where none were given. [c]</summary>
    /// <exception cref="ArgumentException">There are more or fewer than classes.</exception>
    public IReadOnlyList<string> Names
    {
        get;
        init => field = value.Count == ClassCount ? [.. value]
            : throw new ArgumentException($"{value.Count} names do not name {ClassCount} classes.", nameof(value));
    }

    /// <summary>The templates that the names were put into; empty for ready directions and whole texts.</summary>
    public IReadOnlyList<string> Templates { get; init => field = [.. value]; } = [];

    /// <summary>Number of classes (c).</summary>
    public int ClassCount { get; }

    /// <summary>The directions. [c, e]</summary>
    public ReadOnlySpan<float> Rows => _rows;

    /// <summary>The directions as the paper's scripts store them. [e, c]</summary>
    public float[] Transposed()
    {
        float[] columns = new float[_rows.Length];
        for (int c = 0; c < ClassCount; c++)
            for (int j = 0; j < EmbedWidth; j++)
                columns[(j * ClassCount) + c] = _rows[(c * EmbedWidth) + j];
        return columns;
    }

    /// <summary>The dot product of a vector with each class. [c]</summary>
    public void Project(ReadOnlySpan<float> vector, Span<double> scores)
    {
        for (int c = 0; c < ClassCount; c++)
            scores[c] = OrderedSums.Dot(vector, _rows.AsSpan(c * EmbedWidth, EmbedWidth));
    }

    /// <inheritdoc cref="Project(ReadOnlySpan{float}, Span{double})"/>
    public void Project(ReadOnlySpan<double> vector, Span<double> scores)
    {
        for (int c = 0; c < ClassCount; c++)
        {
            double sum = 0;
            ReadOnlySpan<float> row = _rows.AsSpan(c * EmbedWidth, EmbedWidth);
            for (int i = 0; i < row.Length; i++)
                sum += vector[i] * row[i];
            scores[c] = sum;
        }
    }

    /// <summary>The index of the largest score; of equal ones the first.</summary>
    public static int Best(ReadOnlySpan<double> scores)
    {
        int best = 0;
        for (int c = 1; c < scores.Length; c++)
            if (scores[c] > scores[best])
                best = c;
        return best;
    }
}

namespace ClipCore.Text;

/// <summary>
/// What turns texts into representations of the space shared with images: <see cref="ClipModel"/> does, and so may a model of another program.
/// Experiments call it from one thread at a time; an implementation says whether it is safe for more.
/// </summary>
public interface ITextEncoder
{
    /// <summary>Width of the shared space (e).</summary>
    int EmbedWidth { get; }

    /// <summary>Text representations. [t, e]</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="destination">Where the representations go, row by row. [t, e]</param>
    /// <param name="normalize">Whether to scale each to length 1, so that dot products are cosines.</param>
    /// <param name="progress">Told how many texts are done, after each pass.</param>
    /// <param name="cancellation">Looked at between passes.</param>
    /// <exception cref="ArgumentException">The destination has not t · e floats.</exception>
    /// <exception cref="InvalidOperationException">There is no text tower, or no vocabulary.</exception>
    void EncodeTexts(
        IReadOnlyList<string> texts, Span<float> destination, bool normalize = true, IProgress<int>? progress = null,
        CancellationToken cancellation = default);
}

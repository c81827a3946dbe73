using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ClipCore.Decomposition;
using ClipCore.Text;

namespace ClipCore;

public sealed partial class ClipModel
{
    /// <inheritdoc/>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    [OverloadResolutionPriority(1)]
    public void EncodeTexts(
        IReadOnlyList<string> texts, Span<float> destination, bool normalize = true, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ClipTokenizer tokenizer = RequireTokenizer();
        int width = EmbedWidth;
        long needed = (long)texts.Count * width;
        if (destination.Length != needed)
            throw new ArgumentException(
                $"Room for {texts.Count} × {width} = {needed} floats is needed, but the span has {destination.Length}.", nameof(destination));
        for (int first = 0; first < texts.Count; first += Engine.MaxTextsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int[][] ids = new int[Math.Min(Engine.MaxTextsAtOnce, texts.Count - first)][];
            for (int i = 0; i < ids.Length; i++)
                ids[i] = tokenizer.Encode(
                    texts[first + i] ?? throw new ArgumentException($"Text {first + i} is null.", nameof(texts)), _engine.Text.ContextLength);
            _engine.EncodeTokens(ids, destination.Slice(first * width, ids.Length * width), normalize, first);
            progress?.Report(first + ids.Length);
        }
    }

    /// <summary>Text representations. [t, e]</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="destination">Where the representations go. [t, e]</param>
    /// <param name="normalize">Whether to scale each to length 1, so that dot products are cosines.</param>
    /// <exception cref="ArgumentException">The destination has not t · e floats.</exception>
    /// <exception cref="InvalidOperationException">The model has no text tower, or no vocabulary.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public void EncodeTexts(ReadOnlySpan<string> texts, Span<float> destination, bool normalize = true) =>
        EncodeTexts((IReadOnlyList<string>)texts.ToArray(), destination, normalize);

    /// <summary>Text representations as rows of one array. [t × e]</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="normalize">Whether to scale each to length 1, so that dot products are cosines.</param>
    /// <param name="progress">Told how many texts are done, after each pass.</param>
    /// <param name="cancellation">Looked at between passes.</param>
    /// <exception cref="InvalidOperationException">The model has no text tower, or no vocabulary.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public float[] EncodeTextRows(
        IReadOnlyList<string> texts, bool normalize = true, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _ = RequireTokenizer();
        float[] rows = NewRows(texts.Count);
        EncodeTexts(texts, rows, normalize, progress, cancellation);
        return rows;
    }

    /// <summary>Text representations. [t, e]</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="normalize">Whether to scale each to length 1, so that dot products are cosines.</param>
    /// <exception cref="InvalidOperationException">The model has no text tower, or no vocabulary.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public Tensor<float> EncodeTexts(ReadOnlySpan<string> texts, bool normalize = true) => Matrix(EncodeTextRows(texts.ToArray(), normalize));

    /// <summary>The representation of one text. [e]</summary>
    /// <param name="text">The text.</param>
    /// <param name="normalize">Whether to scale it to length 1.</param>
    /// <exception cref="InvalidOperationException">The model has no text tower, or no vocabulary.</exception>
    /// <exception cref="NonFiniteResultException">The representation is not finite, or zero where it should have length 1.</exception>
    public float[] EncodeText(string text, bool normalize = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeTextRows([text], normalize);
    }

    /// <summary>Text representations from token ids. [t, e]</summary>
    /// <param name="ids">Ids of each text, the end token included; padding after it may be there or not.</param>
    /// <param name="destination">Where the representations go. [t, e]</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <exception cref="ArgumentException">An id lies outside the vocabulary, a text is empty or longer than the context.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public void EncodeTokens(ReadOnlySpan<int[]> ids, Span<float> destination, bool normalize = true) =>
        _engine.EncodeTokens(ids, destination, normalize);

    ClipTokenizer RequireTokenizer()
    {
        _ = _engine.Text;
        return Tokenizer ?? throw (_tokenizerFault is { } fault
            ? new VocabularyException(Checkpoint.Path, fault)
            : new InvalidOperationException($"The checkpoint '{Checkpoint.Path}' came without a vocabulary: add tokenizer.json, vocab.json with "
                + $"merges.txt, or bpe_simple_vocab_16e6.txt.gz to its folder, or give {nameof(ClipModelOptions)}.{nameof(ClipModelOptions.TokenizerPath)}."));
    }
}

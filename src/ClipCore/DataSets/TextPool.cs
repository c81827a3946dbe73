using System.Text;
using ClipCore.Text;

namespace ClipCore.DataSets;

/// <summary>Texts to explain heads with, each with the factor that it is about where the pool tells. Immutable, safe for many threads.</summary>
public sealed partial class TextPool
{
    const int ShortestWord = 3;

    /// <summary>A pool.</summary>
    /// <param name="name">Where it came from, for people.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="factors">The factor of each; null where the pool tells none.</param>
    /// <exception cref="ArgumentException">There is no text, or the lengths differ.</exception>
    public TextPool(string name, IReadOnlyList<string> texts, IReadOnlyList<string>? factors = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0 || (factors != null && factors.Count != texts.Count))
            throw new ArgumentException($"{name}: at least one text, and a factor for each or none, are needed.", nameof(texts));
        (Name, Texts, Factors) = (name, [.. texts], factors == null ? [.. Enumerable.Repeat("", texts.Count)] : [.. factors]);
    }

    /// <summary>Where it came from.</summary>
    public string Name { get; }

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The factor of each text, such as <c>colour</c>; empty strings where the pool tells none.</summary>
    public IReadOnlyList<string> Factors { get; }

    /// <summary>Number of texts.</summary>
    public int Count => Texts.Count;

    /// <summary>Whether the pool tells factors.</summary>
    public bool HasFactors => Factors.Any(factor => factor.Length > 0);

    /// <summary>SHA-256 of factors and texts in their order, in hexadecimal: the same pool under any name has the same.</summary>
    public string Sha256() => Files.Sha256.Hex(Encoding.UTF8.GetBytes(string.Join('\n', Texts.Select((text, i) => $"{Factors[i]}\t{text}"))));

    /// <summary>Reads a pool: a text file, one text a line, or lines of <c>factor&lt;TAB&gt;text</c>.</summary>
    /// <exception cref="DataSetException">It is empty or no UTF-8 text.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static TextPool Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(path, File.ReadAllBytes(path));
    }

    /// <inheritdoc cref="Load"/>
    /// <param name="name">Where the bytes came from, for people.</param>
    /// <param name="bytes">The file's bytes.</param>
    public static TextPool Parse(string name, ReadOnlySpan<byte> bytes)
    {
        IReadOnlyList<string> lines = TextLines.Parse(name, bytes);
        string[] texts = new string[lines.Count], factors = new string[lines.Count];
        for (int i = 0; i < lines.Count; i++)
        {
            int tab = lines[i].IndexOf('\t', StringComparison.Ordinal);
            (factors[i], texts[i]) = tab < 0 ? ("", lines[i]) : (lines[i][..tab].Trim(), lines[i][(tab + 1)..].Trim());
            if (texts[i].Length == 0)
                throw new DataSetException($"{name}, entry {i + 1}: there is no text after the factor '{factors[i]}'.");
        }
        return new TextPool(name, texts, factors);
    }

    /// <summary>
    /// The most common words that a model's vocabulary knows as one token, the most common first: byte pairs are merged in the order of how often they occur.
    /// </summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="count">How many words, at most.</param>
    public static TextPool CommonWords(ClipTokenizer tokenizer, int count)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        List<string> words = [];
        for (int id = 0; id < tokenizer.VocabularySize && words.Count < count; id++)
        {
            if (id == tokenizer.StartId || id == tokenizer.EndId)
                continue;
            string word = tokenizer.Decode([id]).Trim();
            if (word.Length >= ShortestWord && word.All(char.IsAsciiLetterLower) && tokenizer.Encode(word) is [_, var only, _] && only == id)
                words.Add(word);
        }
        return new TextPool("the commonest words of the model's vocabulary", words);
    }

    /// <summary>Unit representations of the texts. [t, e]</summary>
    /// <param name="encoder">The model.</param>
    /// <param name="progress">Told how many texts are done.</param>
    /// <param name="cancellation">Looked at between passes.</param>
    public float[] Encode(ITextEncoder encoder, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        float[] rows = new float[checked(Count * encoder.EmbedWidth)];
        encoder.EncodeTexts(Texts, rows, normalize: true, progress, cancellation);
        return rows;
    }
}

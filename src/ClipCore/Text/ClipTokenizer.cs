using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ClipCore.Text;

/// <summary>
/// CLIP's byte-pair tokenizer: cleaning, CLIP's cutting into words, byte-pair merges. Gives the ids of OpenCLIP's and the paper's tokenizer
/// with ftfy. Safe for many threads.
/// </summary>
public sealed class ClipTokenizer
{
    const string TokenizerJson = "tokenizer.json", VocabJson = "vocab.json", MergesTxt = "merges.txt";

    static readonly string[] s_mergeLists = ["bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt"];
    static readonly string[] s_specials = ["<start_of_text>", "<end_of_text>"];
    static readonly string[] s_contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    readonly BytePairEncoder _encoder;
    readonly Dictionary<int, string> _tokens;

    ClipTokenizer(Vocabulary vocabulary)
    {
        Source = vocabulary.Name;
        StartId = vocabulary.StartId;
        EndId = vocabulary.EndId;
        _encoder = new BytePairEncoder(vocabulary);
        LargestWordId = Math.Max(StartId, _encoder.LargestId);
        VocabularySize = vocabulary.Ids.Values.Max() + 1;
        // By id in a dictionary: its size is that of the file, whatever the ids.
        _tokens = new Dictionary<int, string>(vocabulary.Ids.Count);
        foreach ((string token, int id) in vocabulary.Ids)
            _tokens[id] = token;
        (_tokens[StartId], _tokens[EndId]) = (s_specials[0], s_specials[1]);
    }

    /// <summary>The file that the vocabulary came from.</summary>
    public string Source { get; }

    /// <summary>Number of ids: the largest and one.</summary>
    public int VocabularySize { get; }

    /// <summary>Id of the token that begins a text.</summary>
    public int StartId { get; }

    /// <summary>Id of the token that ends a text.</summary>
    public int EndId { get; }

    /// <summary>The largest id that a text gives apart from the end token.</summary>
    internal int LargestWordId { get; }

    /// <summary>Whether a folder holds a vocabulary of one of the three forms.</summary>
    internal static bool IsIn(string folder) => Find(folder) != null;

    /// <summary>
    /// Loads a vocabulary from a folder or a file: <c>tokenizer.json</c>; <c>vocab.json</c> with <c>merges.txt</c> beside it; or
    /// <c>bpe_simple_vocab_16e6.txt.gz</c>.
    /// </summary>
    /// <param name="path">The folder or file.</param>
    /// <exception cref="VocabularyException">There is none, or it is damaged.</exception>
    public static ClipTokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = path;
        if (Directory.Exists(path))
            file = Find(path) ?? throw new VocabularyException(
                path, $"holds no vocabulary: add {TokenizerJson}, {VocabJson} with {MergesTxt}, or {s_mergeLists[0]}, or give token ids in place of texts.");

        using Stream stream = Vocabulary.Open(file);
        string name = Path.GetFileName(file), folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (name.Equals(VocabJson, StringComparison.OrdinalIgnoreCase) || name.Equals(MergesTxt, StringComparison.OrdinalIgnoreCase))
        {
            string vocab = Path.Combine(folder, VocabJson), merges = Path.Combine(folder, MergesTxt);
            using Stream vocabStream = Vocabulary.Open(vocab), mergesStream = Vocabulary.Open(merges);
            return new ClipTokenizer(Vocabulary.FromPair(vocab, vocabStream, merges, mergesStream));
        }
        return new ClipTokenizer(
            name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Vocabulary.FromTokenizerJson(file, stream) : Vocabulary.FromMerges(file, stream));
    }

    /// <summary>Loads a vocabulary from the contents of <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <param name="vocab">Tokens and ids.</param>
    /// <param name="merges">Merges, one a line.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="VocabularyException">It is damaged.</exception>
    public static ClipTokenizer Load(Stream vocab, Stream merges, string name) => new(Vocabulary.FromPair(name, vocab, name, merges));

    /// <summary>The ids of a text between start and end token, cut to a context length; the end token stays. Not padded.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="contextLength">Most ids, at least 2.</param>
    public int[] Encode(string text, int contextLength = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        List<int> ids = [StartId];
        AddTokens(text, ids, contextLength);
        ids.Add(EndId);
        if (ids.Count > contextLength)
        {
            ids.RemoveRange(contextLength, ids.Count - contextLength);
            ids[^1] = EndId;
        }
        return [.. ids];
    }

    /// <summary>Number of ids of a text, start and end token included, nothing cut.</summary>
    public int CountTokens(string text) => Encode(text).Length;

    /// <summary>The text of ids: words end with a space; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Token ids.</param>
    /// <exception cref="ArgumentException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        List<byte> bytes = [];
        foreach (int id in ids)
        {
            if (!_tokens.TryGetValue(id, out string? token))
                throw new ArgumentException($"The id {id} is not in the vocabulary of {VocabularySize}.", nameof(ids));
            // Added tokens may be plain text, outside the alphabet of bytes.
            if (token.All(c => c < s_byteOfCharacter.Length && s_byteOfCharacter[c] >= 0))
                foreach (char c in token)
                    bytes.Add((byte)s_byteOfCharacter[c]);
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
        }
        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes)).Replace(Vocabulary.WordEnd, " ", StringComparison.Ordinal);
    }

    static readonly short[] s_byteOfCharacter = MakeByteOfCharacter();

    static short[] MakeByteOfCharacter()
    {
        short[] bytes = new short[Vocabulary.ByteCharacters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int i = 0; i < 256; i++)
            bytes[Vocabulary.ByteCharacters[i]] = Vocabulary.ByteOrder[i];
        return bytes;
    }

    static string? Find(string folder)
    {
        foreach (string name in (ReadOnlySpan<string>)[TokenizerJson, .. s_mergeLists])
            if (Path.Combine(folder, name) is var path && File.Exists(path))
                return path;
        string vocab = Path.Combine(folder, VocabJson);
        return File.Exists(vocab) && File.Exists(Path.Combine(folder, MergesTxt)) ? vocab : null;
    }

    /// <summary>Adds the ids of a text, and stops where no more are needed.</summary>
    void AddTokens(string text, List<int> ids, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        string clean = TextCleaning.Clean(text);
        for (int at = 0; at < clean.Length && ids.Count < most;)
        {
            int length = WordLength(clean, at);
            if (length == 0)
            {
                at++;
                continue;
            }
            string word = clean.Substring(at, length);
            at += length;
            if (word == s_specials[0])
                ids.Add(StartId);
            else if (word == s_specials[1])
                ids.Add(EndId);
            else
                ids.AddRange(_encoder.Encode(word));
        }
    }

    /// <summary>Length of the word at a place, 0 for white space: a special token, a contraction, letters, one digit, or anything else.</summary>
    static int WordLength(string text, int at)
    {
        foreach (string special in s_specials)
            if (string.CompareOrdinal(text, at, special, 0, special.Length) == 0)
                return special.Length;
        if (text[at] == '\'')
        {
            foreach (string contraction in s_contractions)
                if (string.CompareOrdinal(text, at, contraction, 0, contraction.Length) == 0)
                    return contraction.Length;
            // A long s is an s to a pattern that ignores case.
            if (at + 1 < text.Length && text[at + 1] == '\u017F')
                return 2;
        }
        Kind kind = KindAt(text, at, out int length);
        if (kind is Kind.Space)
            return 0;
        if (kind is Kind.Digit)
            return length;
        int end = at + length;
        while (end < text.Length && KindAt(text, end, out length) == kind)
            end += length;
        return end - at;
    }

    enum Kind
    {
        Letter,
        Digit,
        Space,
        Other,
    }

    static Kind KindAt(string text, int at, out int length)
    {
        length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        if (length == 1 && TextCleaning.IsWhiteSpace(text[at]))
            return Kind.Space;
        return CharUnicodeInfo.GetUnicodeCategory(text, at) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
            _ => Kind.Other,
        };
    }
}

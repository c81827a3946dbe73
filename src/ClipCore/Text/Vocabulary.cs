using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ClipCore.Files;

namespace ClipCore.Text;

/// <summary>Tokens with their ids, and the merges that make them, in order.</summary>
/// <param name="Name">Where it came from, for messages.</param>
/// <param name="Ids">Id of each token, in the byte alphabet, word ends marked.</param>
/// <param name="Merges">Pairs of tokens, the first merged first.</param>
/// <param name="StartId">Id of the start token.</param>
/// <param name="EndId">Id of the end token.</param>
sealed record Vocabulary(string Name, Dictionary<string, int> Ids, List<(string Left, string Right)> Merges, int StartId, int EndId)
{
    public const string WordEnd = "</w>";

    // What OpenAI's code keeps of the published file; the lines after these were never used.
    const int PublishedMerges = 49152 - 256 - 2;

    // Eight times the largest vocabulary in use; whoever makes a table of all ids does not ask for more memory than that.
    const int MostIds = 1 << 21;

    const long LargestFile = 256 << 20;

    static readonly string[] s_startNames = ["<|startoftext|>", "<start_of_text>"];
    static readonly string[] s_endNames = ["<|endoftext|>", "<end_of_text>"];

    /// <summary>The byte alphabet in the order in which the published vocabulary numbers it.</summary>
    public static char[] ByteCharacters { get; } = MakeByteCharacters();

    /// <summary>The bytes in that order.</summary>
    public static byte[] ByteOrder { get; } =
        [.. PrintableBytes(), .. Enumerable.Range(0, 256).Except(PrintableBytes().Select(b => (int)b)).Select(b => (byte)b)];

    /// <summary>A vocabulary from the files of Hugging Face's older tokenizers.</summary>
    public static Vocabulary FromPair(string vocabName, Stream vocab, string mergesName, Stream merges)
    {
        Dictionary<string, int> ids = ReadIds(vocabName, ReadJson(vocabName, vocab));
        return Finish(vocabName, ids, ReadMerges(mergesName, new StreamReader(merges, Encoding.UTF8), int.MaxValue));
    }

    /// <summary>A vocabulary from <c>tokenizer.json</c>.</summary>
    public static Vocabulary FromTokenizerJson(string name, Stream stream)
    {
        JsonElement root = ReadJson(name, stream);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("model", out JsonElement model) || model.ValueKind != JsonValueKind.Object
            || !model.TryGetProperty("vocab", out JsonElement vocab) || !model.TryGetProperty("merges", out JsonElement merges)
            || merges.ValueKind != JsonValueKind.Array)
            throw new VocabularyException(name, "is not the tokenizer.json of a byte-pair tokenizer: its model has no vocab and merges.");
        Dictionary<string, int> ids = ReadIds(name, vocab);
        List<(string, string)> pairs = [];
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            if (merge.ValueKind == JsonValueKind.String)
                pairs.Add(Split(name, merge.GetString()!));
            else if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
                && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String)
                pairs.Add((merge[0].GetString()!, merge[1].GetString()!));
            else
                throw new VocabularyException(name, $"merge {pairs.Count} is not a pair of tokens.");
        }
        if (root.TryGetProperty("added_tokens", out JsonElement added) && added.ValueKind != JsonValueKind.Null)
            AddTokens(name, added, ids);
        return Finish(name, ids, pairs);
    }

    /// <summary>A vocabulary from OpenAI's list of merges, gzipped or not: bytes, bytes that end words, merges, start, end.</summary>
    public static Vocabulary FromMerges(string name, Stream stream)
    {
        List<(string Left, string Right)> merges;
        try
        {
            using Stream plain = IsGzip(stream) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            merges = ReadMerges(name, new StreamReader(plain, Encoding.UTF8), PublishedMerges);
        }
        catch (InvalidDataException exception)
        {
            throw new VocabularyException(name, "the compressed data is damaged; get the file again.", exception);
        }
        if (merges.Count == 0)
            throw new VocabularyException(name, "holds no merges; get the file again.");
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (char c in ByteCharacters)
            ids[c.ToString()] = ids.Count;
        foreach (char c in ByteCharacters)
            ids[c + WordEnd] = ids.Count;
        foreach ((string left, string right) in merges)
            ids[left + right] = ids.Count;
        ids[s_startNames[0]] = ids.Count;
        ids[s_endNames[0]] = ids.Count;
        return Finish(name, ids, merges);
    }

    /// <summary>Opens a file; not found is said so.</summary>
    public static Stream Open(string path)
    {
        if (!File.Exists(path))
            throw new VocabularyException(path, "there is no such file.");
        FileStream stream = File.OpenRead(path);
        if (stream.Length <= LargestFile)
            return stream;
        stream.Dispose();
        throw new VocabularyException(path, $"has more than {LargestFile} bytes, too many for a vocabulary.");
    }

    static Vocabulary Finish(string name, Dictionary<string, int> ids, List<(string Left, string Right)> merges)
    {
        int start = Special(name, ids, s_startNames, "start"), end = Special(name, ids, s_endNames, "end");
        foreach (char c in ByteCharacters)
            if (!ids.ContainsKey(c.ToString()) || !ids.ContainsKey(c + WordEnd))
                throw new VocabularyException(name, $"lacks the byte '{c}' alone or at the end of a word: it is not CLIP's byte-pair vocabulary.");
        for (int i = 0; i < merges.Count; i++)
            foreach (string token in (ReadOnlySpan<string>)[merges[i].Left, merges[i].Right, merges[i].Left + merges[i].Right])
                if (!ids.ContainsKey(token))
                    throw new VocabularyException(name, $"merge {i} ('{merges[i].Left}' '{merges[i].Right}') names the token '{token}', "
                        + "which the vocabulary lacks: the files do not belong together.");
        return new Vocabulary(name, ids, merges, start, end);
    }

    static int Special(string name, Dictionary<string, int> ids, string[] names, string which)
    {
        foreach (string candidate in names)
            if (ids.TryGetValue(candidate, out int id))
                return id;
        throw new VocabularyException(name, $"has no {which} token ({string.Join(" or ", names)}): it is not CLIP's vocabulary.");
    }

    static void AddTokens(string name, JsonElement added, Dictionary<string, int> ids)
    {
        if (added.ValueKind != JsonValueKind.Array)
            throw new VocabularyException(name, "its added_tokens are not a list.");
        foreach (JsonElement token in added.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Object || !token.TryGetProperty("content", out JsonElement content)
                || content.ValueKind != JsonValueKind.String || !token.TryGetProperty("id", out JsonElement id))
                throw new VocabularyException(name, "an entry of its added_tokens is not an object with a content and an id.");
            ids.TryAdd(content.GetString()!, ReadId(name, content.GetString()!, id));
        }
    }

    static Dictionary<string, int> ReadIds(string name, JsonElement vocab)
    {
        if (vocab.ValueKind != JsonValueKind.Object)
            throw new VocabularyException(name, "the vocabulary is not an object of tokens and ids.");
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (JsonProperty token in vocab.EnumerateObject())
            ids[token.Name] = ReadId(name, token.Name, token.Value);
        return ids;
    }

    static int ReadId(string name, string token, JsonElement id) =>
        id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int value) && value is >= 0 and < MostIds ? value
        : throw new VocabularyException(name, $"the id of the token '{token}' is {id.GetRawText()}, not a whole number from 0 to {MostIds - 1}.");

    static JsonElement ReadJson(string name, Stream stream)
    {
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return JsonText.TryParse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), out JsonElement value, out string fault) ? value
            : throw new VocabularyException(name, fault);
    }

    static List<(string Left, string Right)> ReadMerges(string name, StreamReader reader, int most)
    {
        List<(string, string)> merges = [];
        bool isFirst = true;
        while (merges.Count < most && reader.ReadLine() is { } line)
        {
            // The first line tells the version, with or without a # before it.
            bool isVersion = isFirst && (line.StartsWith('#') || line.Contains("version", StringComparison.Ordinal));
            isFirst = false;
            if (!isVersion && line.Length > 0)
                merges.Add(Split(name, line));
        }
        return merges;
    }

    static (string Left, string Right) Split(string name, string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || space == line.Length - 1 || line.IndexOf(' ', space + 1) >= 0)
            throw new VocabularyException(name, $"the merge '{line}' is not two tokens with a space between them.");
        return (line[..space], line[(space + 1)..]);
    }

    static bool IsGzip(Stream stream)
    {
        int first = stream.ReadByte(), second = stream.ReadByte();
        stream.Position = 0;
        return first == 0x1F && second == 0x8B;
    }

    static IEnumerable<byte> PrintableBytes() =>
        Enumerable.Range('!', '~' - '!' + 1)
            .Concat(Enumerable.Range(0xA1, 0xAC - 0xA1 + 1))
            .Concat(Enumerable.Range(0xAE, 0xFF - 0xAE + 1))
            .Select(b => (byte)b);

    static char[] MakeByteCharacters()
    {
        byte[] printable = [.. PrintableBytes()];
        return [.. printable.Select(b => (char)b), .. Enumerable.Range(0, 256 - printable.Length).Select(i => (char)(256 + i))];
    }
}

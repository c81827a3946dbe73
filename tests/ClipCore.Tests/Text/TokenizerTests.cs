using System.Text;
using System.Text.Json;
using ClipCore.Npy;
using ClipCore.Text;

namespace ClipCore.Tests.Text;

/// <summary>Token ids against the paper's tokenizer, on every row.</summary>
public class TokenizerTests
{
    /// <summary>Rows that the reference's text repair changes in a way that ours does not.</summary>
    static readonly HashSet<string> s_notRepaired = new(StringComparer.Ordinal);

    static ClipTokenizer Published => ClipTokenizer.Load(TestData.BesideProject("reference-data/bpe_simple_vocab_16e6.txt.gz"));

    static IEnumerable<JsonElement> Lines(string path) => File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement);

    static IEnumerable<JsonElement> DemoRows =>
        JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("tokenizer/demo_vocabulary.json"))).RootElement.EnumerateArray();

    static int[] Ids(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    static void AssertRows(ClipTokenizer tokenizer, IEnumerable<JsonElement> rows, int context, int count)
    {
        int seen = 0;
        List<string> wrong = [];
        foreach (JsonElement row in rows)
        {
            seen++;
            string text = row.GetProperty("text").GetString()!;
            int[] ids = tokenizer.Encode(text, context);
            bool isExcused = s_notRepaired.Contains(text);
            int[] expected = Ids(row, isExcused ? "ids_without_ftfy" : "ids");
            if (!ids.SequenceEqual(expected))
                wrong.Add($"{JsonSerializer.Serialize(text)}: {string.Join(' ', ids)} in place of {string.Join(' ', expected)}");
        }
        Assert.That(wrong, Is.Empty);
        Assert.That(seen, Is.EqualTo(count));
    }

    [Test]
    public void Encode_NastyAndRandomRows_EqualReference() =>
        AssertRows(Published, Lines(TestData.Golden("tokenizer/tokens.jsonl")), 77, 241);

    [Test]
    public void Encode_Descriptions_EqualReference() => AssertRows(
        Published,
        Lines(TestData.BesideProject("golden/tokenizer/tokens.jsonl")).Where(row => row.GetProperty("group").GetString() == "descriptions"), 77, 3498);

    [Test]
    public void Encode_DemoVocabulary_EqualsReference() => AssertRows(ClipTokenizer.Load(TestData.Demo()), DemoRows, 32, 400);

    [Test]
    public void Encode_ClassifierPrompts_EqualReference()
    {
        ClipTokenizer tokenizer = Published;
        string[] prompts = [.. JsonDocument.Parse(File.ReadAllBytes(TestData.BesideProject("golden/classifier/prompts_first_class.json")))
            .RootElement.EnumerateArray().Select(prompt => prompt.GetString()!)];
        NpyArray<long> expected = NpyFile.ReadInt64(TestData.BesideProject("golden/classifier/prompt_ids_first_class.npy"));
        Assert.That(prompts, Has.Length.EqualTo(expected.Shape[0]));
        for (int i = 0; i < prompts.Length; i++)
        {
            int[] ids = tokenizer.Encode(prompts[i], 77);
            Array.Resize(ref ids, 77);
            Assert.That(ids, Is.EqualTo(expected.Data.Skip(i * 77).Take(77).Select(id => (int)id)), prompts[i]);
        }
    }

    [Test]
    public void Decode_EqualsReference()
    {
        ClipTokenizer tokenizer = Published;
        foreach (JsonElement row in Lines(TestData.Golden("tokenizer/decode.jsonl")))
            Assert.That(tokenizer.Decode(Ids(row, "ids")), Is.EqualTo(row.GetProperty("decoded").GetString()));
    }

    [Test]
    public void Load_ThreeForms_GiveTheSameIds([Values] bool pairsAsArrays, [Values] bool gzip)
    {
        using TemporaryFolder folder = new();
        ClipTokenizer pair = ClipTokenizer.Load(TestData.Demo());
        JsonElement vocab = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("vocab.json"))).RootElement;
        string[] merges = [.. File.ReadLines(TestData.Demo("merges.txt")).Skip(1).Where(line => line.Length > 0)];
        string json = Path.Combine(folder.Path, "tokenizer.json"), list = Path.Combine(folder.Path, gzip ? "merges.txt.gz" : "list.txt");
        using (FileStream stream = File.Create(json))
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("model");
            writer.WritePropertyName("vocab");
            vocab.WriteTo(writer);
            writer.WriteStartArray("merges");
            foreach (string merge in merges)
            {
                if (!pairsAsArrays)
                {
                    writer.WriteStringValue(merge);
                    continue;
                }
                writer.WriteStartArray();
                foreach (string token in merge.Split(' '))
                    writer.WriteStringValue(token);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        using (Stream file = File.Create(list))
        using (Stream plain = gzip ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest) : file)
            plain.Write(Encoding.UTF8.GetBytes("\"bpe version: 0.2\n" + string.Join('\n', merges) + "\n"));

        ClipTokenizer[] others = [ClipTokenizer.Load(json), ClipTokenizer.Load(list), ClipTokenizer.Load(folder.Path)];
        foreach (JsonElement row in DemoRows)
        {
            string text = row.GetProperty("text").GetString()!;
            foreach (ClipTokenizer other in others)
                Assert.That(other.Encode(text), Is.EqualTo(pair.Encode(text)));
        }
    }

    [Test]
    public void Encode_LongText_KeepsTheEndToken()
    {
        ClipTokenizer tokenizer = ClipTokenizer.Load(TestData.Demo());
        int[] ids = tokenizer.Encode(string.Concat(Enumerable.Repeat("a duck \u0645\u0631\u062D\u0628\u0627 ", 300)), 32);
        Assert.That(ids, Has.Length.EqualTo(32));
        Assert.That((ids[0], ids[^1]), Is.EqualTo((tokenizer.StartId, tokenizer.EndId)));
    }

    [Test]
    public void Encode_EmptyText_IsStartAndEnd()
    {
        ClipTokenizer tokenizer = ClipTokenizer.Load(TestData.Demo());
        Assert.That(tokenizer.Encode(" \t\n"), Is.EqualTo(new[] { tokenizer.StartId, tokenizer.EndId }));
    }

    [Test]
    public void Encode_ThenDecode_GivesCleanTextBack()
    {
        ClipTokenizer tokenizer = ClipTokenizer.Load(TestData.Demo());
        const string Text = "three small ducks on the water , 12 : ok";
        Assert.That(tokenizer.Decode(tokenizer.Encode(Text).AsSpan()[1..^1]), Is.EqualTo("three small ducks on the water , 1 2 : ok "));
    }

    [Test]
    public void Encode_OnManyThreads_GivesTheSameIds()
    {
        ClipTokenizer tokenizer = ClipTokenizer.Load(TestData.Demo());
        string[] texts = [.. DemoRows.Select(row => row.GetProperty("text").GetString()!)];
        int[][] expected = [.. texts.Select(text => ClipTokenizer.Load(TestData.Demo()).Encode(text)).Take(20)];
        Parallel.For(0, 400, i => Assert.That(tokenizer.Encode(texts[i % 20]), Is.EqualTo(expected[i % 20])));
    }

    [TestCase("vocab.json", "{}", "start token")]
    [TestCase("vocab.json", "{\"a\": ", "not valid JSON")]
    [TestCase("vocab.json", "{\"a\": -1}", "'a'")]
    [TestCase("tokenizer.json", "{\"model\": {}}", "tokenizer.json of a byte-pair")]
    [TestCase("list.txt", "#version\na b c\n", "two tokens")]
    [TestCase("list.txt", "", "no merges")]
    public void Load_DamagedFile_SaysWhy(string name, string content, string reason)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, content);
        File.WriteAllText(Path.Combine(folder.Path, "merges.txt"), "#version: 0.2\na b\n");
        Assert.That(() => ClipTokenizer.Load(path), Throws.InstanceOf<VocabularyException>().With.Message.Contains(reason).And.Message.StartsWith(folder.Path));
    }

    [Test]
    public void Load_CutOffGzip_SaysSo()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "list.txt.gz");
        File.WriteAllBytes(path, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 99, 99, 99, 99, 1]);
        Assert.That(() => ClipTokenizer.Load(path), Throws.InstanceOf<VocabularyException>());
    }

    [Test]
    public void Load_FolderWithout_SaysWhatToAdd()
    {
        using TemporaryFolder folder = new();
        Assert.That(ClipTokenizer.IsIn(folder.Path), Is.False);
        Assert.That(() => ClipTokenizer.Load(folder.Path), Throws.InstanceOf<VocabularyException>().With.Message.Contains("bpe_simple_vocab_16e6.txt.gz"));
    }
}

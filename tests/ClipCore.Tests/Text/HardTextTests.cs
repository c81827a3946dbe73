using System.Text.Json;
using ClipCore.Text;

namespace ClipCore.Tests.Text;

/// <summary>Texts that are long in one way, or damaged by a wrong code page.</summary>
public class HardTextTests
{
    const int Million = 1_000_000;

    /// <summary>Texts that ftfy repairs and this tokenizer leaves as they are, or the other way round.</summary>
    static readonly string[] s_different = ["\u0192\u00AEstanbul"];

    static readonly ClipTokenizer s_demo = ClipTokenizer.Load(TestData.Demo());

    static IEnumerable<TestCaseData> Long()
    {
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("\u001b[m", 200_000))).SetArgDisplayNames("200,000 terminal escapes");
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("\u001b[", 30_000))).SetArgDisplayNames("30,000 beginnings of escapes");
        yield return new TestCaseData("\u001b[" + new string('1', 2 * Million)).SetArgDisplayNames("an escape without an end");
        yield return new TestCaseData(new string('&', 2 * Million)).SetArgDisplayNames("2 MB of ampersands");
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("&#", Million))).SetArgDisplayNames("2 MB of beginnings of references");
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("&amp", Million / 2))).SetArgDisplayNames("2 MB of references without an end");
        yield return new TestCaseData(new string('a', 2 * Million)).SetArgDisplayNames("2 MB of one letter");
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("blanket", 2 * Million / 7))).SetArgDisplayNames("2 MB of one word");
        yield return new TestCaseData("a" + new string('\u0301', Million)).SetArgDisplayNames("2 MB of one combining mark");
        yield return new TestCaseData("a" + string.Concat(Enumerable.Repeat("\u0301\u0323", Million / 2))).SetArgDisplayNames("2 MB of two combining marks");
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("\u03A3'", Million / 2))).SetArgDisplayNames("1.5 MB of sigmas");
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("\u00C3\u00A9", Million / 2))).SetArgDisplayNames("2 MB of mojibake");
        yield return new TestCaseData(new string('\u00C3', Million)).SetArgDisplayNames("2 MB of beginnings of mojibake");
        yield return new TestCaseData(string.Concat(Enumerable.Repeat("\uD83D\uDE00", Million / 2))).SetArgDisplayNames("2 MB of smileys");
    }

    [TestCaseSource(nameof(Long))]
    public void Encode_LongInOneWay_IsAnsweredSoon(string text)
    {
        s_demo.Encode("warm");
        DateTime start = DateTime.UtcNow;
        int[] ids = s_demo.Encode(text, 32);
        Assert.That(DateTime.UtcNow - start, Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(s_demo.CountTokens(text), Is.GreaterThanOrEqualTo(ids.Length));
        Assert.That(ids, Has.Length.LessThanOrEqualTo(32));
        Assert.That(ids[^1], Is.EqualTo(s_demo.EndId));
    }

    [TestCase("combining-80KB.txt")]
    [TestCase("escapes-60KB.txt")]
    [TestCase("random-word-50KB.txt")]
    public void Encode_LongFile_IsAnsweredSoon(string name)
    {
        string text = File.ReadAllText(TestData.Case($"texts/{name}"));
        DateTime start = DateTime.UtcNow;
        s_demo.Encode(text);
        Assert.That(DateTime.UtcNow - start, Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void Encode_Mojibake_EqualsTheRepairedText()
    {
        List<string> different = [];
        foreach (JsonElement pair in JsonDocument.Parse(File.ReadAllBytes(TestData.Case("texts/mojibake.json"))).RootElement.EnumerateArray())
            if (!s_demo.Encode(pair[0].GetString()!).SequenceEqual(s_demo.Encode(pair[1].GetString()!)))
                different.Add(pair[0].GetString()!);
        Assert.That(different, Is.EquivalentTo(s_different));
    }

    /// <summary>Words longer than a scan is used for against the rule itself: the earliest merge first, all its places from left to right.</summary>
    [Test]
    public void Encode_LongWords_GiveTheIdsOfTheRule()
    {
        Random random = new(5);
        List<(string Left, string Right)> merges = [.. File.ReadLines(TestData.Demo("merges.txt")).Skip(1).Where(line => line.Length > 0)
            .Select(line => (line.Split(' ')[0], line.Split(' ')[1]))];
        Dictionary<string, int> ids = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(TestData.Demo("vocab.json")))!;
        foreach (int length in (int[])[127, 128, 129, 200, 1000, 3000])
            foreach (string alphabet in (string[])["a", "ab", "then", "blanket", "abcdefghijklmnopqrstuvwxyz", "\u00E9a\u4E2D"])
            {
                string word = string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
                Assert.That(s_demo.Encode(word), Is.EqualTo((int[])[s_demo.StartId, .. ByRule(word, merges, ids), s_demo.EndId]), $"{alphabet} × {length}");
            }
    }

    static IEnumerable<int> ByRule(string word, List<(string Left, string Right)> merges, Dictionary<string, int> ids)
    {
        List<string> tokens =
        [
            .. System.Text.Encoding.UTF8.GetBytes(word).Select(b => Vocabulary.ByteCharacters[Array.IndexOf(Vocabulary.ByteOrder, b)].ToString()),
        ];
        tokens[^1] += Vocabulary.WordEnd;
        foreach ((string left, string right) in merges)
            for (int i = 0; i + 1 < tokens.Count; i++)
                if (tokens[i] == left && tokens[i + 1] == right)
                {
                    tokens[i] += tokens[i + 1];
                    tokens.RemoveAt(i + 1);
                }
        return tokens.Select(token => ids[token]);
    }

    [Test]
    public void Compose_LongRunsOfMarks_AreOrderedAsShortOnes()
    {
        // Acute above (230), dot below (220), cedilla (202): the order of classes, marks of one class staying in order.
        string marks = string.Concat(Enumerable.Repeat("\u0301\u0323\u0327\u0300", 50));
        string expected = "q" + new string('\u0327', 50) + new string('\u0323', 50) + string.Concat(Enumerable.Repeat("\u0301\u0300", 50));
        Assert.That(UnicodeTables.Instance.Compose("q" + marks), Is.EqualTo(expected));
        Assert.That(UnicodeTables.Instance.Compose("q" + marks + "a\u0301"), Is.EqualTo(expected + "\u00E1"));
    }

    [Test]
    public void Repair_TerminalEscapes_AreRemoved()
    {
        Assert.That(TextRepair.Repair("\u001b[36;44mred\u001b[0m duck\u001b[1"), Is.EqualTo("red duck[1"));
        Assert.That(TextRepair.Repair("\u001b[\u001b[1mx"), Is.EqualTo("[x"));
    }

    [TestCase("big-id/vocab.json", "'zzzz'")]
    [TestCase("surrogate/vocab.json", "surrogate")]
    [TestCase("added-token-not-number/tokenizer.json", "'a'")]
    public void Load_DamagedVocabulary_SaysWhyInLittleMemory(string name, string mentioned)
    {
        string path = TestData.Case($"vocabularies/{name}");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => ClipTokenizer.Load(path), Throws.InstanceOf<VocabularyException>().With.Message.StartsWith(path).And.Message.Contains(mentioned));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20));
    }

    [TestCase("""{"model":{"vocab":{"a":0},"merges":[["a",1]]}}""", "merge 0")]
    [TestCase("""{"model":{"vocab":{"a":0},"merges":[{}]}}""", "merge 0")]
    [TestCase("""{"model":{"vocab":{"a":0},"merges":[null]}}""", "merge 0")]
    [TestCase("""{"model":{"vocab":{"a":"0"},"merges":[]}}""", "'a'")]
    [TestCase("""{"model":{"vocab":{"a":2000000000},"merges":[]}}""", "2000000000")]
    [TestCase("""{"model":{"vocab":{"a":0},"merges":[]},"added_tokens":5}""", "added_tokens")]
    [TestCase("""{"model":{"vocab":{"a":0},"merges":[]},"added_tokens":[5]}""", "added_tokens")]
    [TestCase("""{"model":{"vocab":{"a":0},"merges":[]},"added_tokens":[{"content":"b"}]}""", "added_tokens")]
    [TestCase("""{"model":{"vocab":{"a":0},"merges":[["a","\udc00"]]}}""", "surrogate")]
    [TestCase("""[]""", "byte-pair")]
    public void Load_ValuesOfAnotherType_SayWhy(string json, string mentioned)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("tokenizer.json", json);
        Assert.That(() => ClipTokenizer.Load(path), Throws.InstanceOf<VocabularyException>().With.Message.StartsWith(path).And.Message.Contains(mentioned));
    }

    [Test]
    public void Load_ByteOrderMarks_ArePassedOver()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["vocab.json", "merges.txt"])
            folder.Write(name, "\uFEFF" + File.ReadAllText(TestData.Demo(name)));
        Assert.That(ClipTokenizer.Load(folder.Path).Encode("a duck on the water"), Is.EqualTo(s_demo.Encode("a duck on the water")));
    }

    [TestCase(-1)]
    [TestCase(2500)]
    [TestCase(int.MaxValue)]
    [TestCase(int.MinValue)]
    public void Decode_IdOutOfRange_IsRefused(int id) => Assert.That(() => s_demo.Decode([id]), Throws.ArgumentException.With.Message.Contains($"{id}"));
}

using ClipCore.EffectSets;
using ClipCore.Npy;
using ClipCore.Text;

namespace ClipCore.Cli.Data;

/// <summary>Texts to explain heads with, each with the factor that it is about where the pool tells.</summary>
/// <param name="Name">Where it came from.</param>
/// <param name="Texts">The texts.</param>
/// <param name="Factors">The factor of each; empty strings where the pool tells none.</param>
sealed record TextPool(string Name, string[] Texts, string[] Factors)
{
    const int ShortestWord = 3;

    /// <summary>Whether the pool tells factors.</summary>
    public bool HasFactors => Factors.Any(factor => factor.Length > 0);

    /// <summary>Reads a pool: a text file, one text a line, or lines of <c>factor&lt;TAB&gt;text</c>.</summary>
    /// <exception cref="UserException">It is empty.</exception>
    public static TextPool Load(string path) => Parse(path, File.ReadAllBytes(path));

    /// <summary>The built-in model's own pool.</summary>
    public static TextPool Demo() => Parse("the built-in pool", DemoModel.Read("descriptions.txt"));

    /// <summary>
    /// The most common words that a model's vocabulary knows as one token, the most common first: byte pairs are merged in the order of how often they occur.
    /// </summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="count">How many words, at most.</param>
    public static TextPool Common(Text.ClipTokenizer tokenizer, int count)
    {
        List<string> words = [];
        for (int id = 0; id < tokenizer.VocabularySize && words.Count < count; id++)
        {
            if (id == tokenizer.StartId || id == tokenizer.EndId)
                continue;
            string word = tokenizer.Decode([id]).Trim();
            if (word.Length >= ShortestWord && word.All(char.IsAsciiLetterLower) && tokenizer.Encode(word) is [_, var only, _] && only == id)
                words.Add(word);
        }
        return new TextPool("the commonest words of the model's vocabulary", [.. words], [.. Enumerable.Repeat("", words.Count)]);
    }

    /// <summary>The texts of a folder of arrays, which have numbers for names.</summary>
    public static TextPool OfArray(string folder)
    {
        string path = EffectSets.ReferenceArrays.Find(folder, "texts") ?? throw new UserException($"{folder} has no texts.npy [texts, width].");
        int count = Npy.NpyFile.ReadSingle(path).Shape[0];
        return new TextPool(path, [.. Enumerable.Range(0, count).Select(i => $"text {i}")], [.. Enumerable.Repeat("", count)]);
    }

    static TextPool Parse(string name, byte[] bytes)
    {
        string[] lines = TextList.Parse(name, bytes), texts = new string[lines.Length], factors = new string[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            int tab = lines[i].IndexOf('\t', StringComparison.Ordinal);
            (factors[i], texts[i]) = tab < 0 ? ("", lines[i]) : (lines[i][..tab].Trim(), lines[i][(tab + 1)..].Trim());
            if (texts[i].Length == 0)
                throw new UserException($"{name}, entry {i + 1}: there is no text after the factor '{factors[i]}'.");
        }
        return new TextPool(name, texts, factors);
    }

    /// <summary>Unit representations of the texts. [t, e]</summary>
    public float[] Encode(ClipModel model)
    {
        const int Batch = 256;
        float[] rows = new float[Texts.Length * model.EmbedWidth];
        using Progress progress = new("encoding the pool", "texts", Texts.Length);
        for (int first = 0; first < Texts.Length; first += Batch)
        {
            string[] part = Texts[first..Math.Min(first + Batch, Texts.Length)];
            float[] encoded = new float[part.Length * model.EmbedWidth];
            model.EncodeTexts(part).FlattenTo(encoded);
            encoded.CopyTo(rows, first * model.EmbedWidth);
            progress.Report(first + part.Length);
        }
        return rows;
    }
}

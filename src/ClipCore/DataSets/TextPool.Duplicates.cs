namespace ClipCore.DataSets;

public sealed partial class TextPool
{
    /// <summary>Pairs of texts that CLIP reads alike, case and punctuation aside: indices of the first and of each later one.</summary>
    public IReadOnlyList<(int First, int Second)> Duplicates()
    {
        Dictionary<string, int> seen = [];
        List<(int, int)> found = [];
        for (int i = 0; i < Count; i++)
        {
            string words = string.Join(' ', Words(Texts[i]));
            if (!seen.TryAdd(words, i))
                found.Add((seen[words], i));
        }
        return found;
    }

    /// <summary>Pairs of different texts whose sets of words have a Jaccard similarity of at least a threshold.</summary>
    /// <param name="threshold">Above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is another number.</exception>
    public IReadOnlyList<(int First, int Second, double Similarity)> NearDuplicates(double threshold)
    {
        if (!(threshold is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Must be above 0 and at most 1.");
        string[][] sequences = [.. Texts.Select(Words)];
        HashSet<string>[] words = [.. sequences.Select(sequence => sequence.ToHashSet())];
        List<(int, int, double)> found = [];
        // Only texts that share a word can be alike: pairs are looked for through an index of words.
        Dictionary<string, List<int>> index = [];
        SortedDictionary<int, int> common = [];
        for (int i = 0; i < words.Length; i++)
        {
            common.Clear();
            foreach (string word in words[i])
            {
                if (!index.TryGetValue(word, out List<int>? texts))
                    index[word] = texts = [];
                foreach (int other in texts)
                    common[other] = common.GetValueOrDefault(other) + 1;
                texts.Add(i);
            }
            foreach ((int other, int count) in common)
            {
                double similarity = (double)count / (words[i].Count + words[other].Count - count);
                if (similarity >= threshold && !sequences[i].SequenceEqual(sequences[other]))
                    found.Add((other, i, similarity));
            }
        }
        return found;
    }

    static string[] Words(string text) =>
        new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

using System.Collections.Concurrent;
using System.Text;

namespace ClipCore.Text;

/// <summary>Merges the bytes of a word into tokens, the earliest merge first. Safe for many threads.</summary>
sealed class BytePairEncoder
{
    // Words repeat; a few hundred thousand of them cost some tens of megabytes at the most.
    const int MostCached = 1 << 17;

    readonly int[] _bytes = new int[256], _lastBytes = new int[256];
    readonly Dictionary<long, (int Rank, int Id)> _merges;
    readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);

    public BytePairEncoder(Vocabulary vocabulary)
    {
        for (int i = 0; i < 256; i++)
        {
            string character = Vocabulary.ByteCharacters[i].ToString();
            _bytes[Vocabulary.ByteOrder[i]] = vocabulary.Ids[character];
            _lastBytes[Vocabulary.ByteOrder[i]] = vocabulary.Ids[character + Vocabulary.WordEnd];
        }
        _merges = new Dictionary<long, (int, int)>(vocabulary.Merges.Count);
        for (int rank = 0; rank < vocabulary.Merges.Count; rank++)
        {
            (string left, string right) = vocabulary.Merges[rank];
            _merges.TryAdd(Pair(vocabulary.Ids[left], vocabulary.Ids[right]), (rank, vocabulary.Ids[left + right]));
        }
    }

    /// <summary>The token ids of a word.</summary>
    public int[] Encode(string word)
    {
        if (_cache.TryGetValue(word, out int[]? known))
            return known;
        int[] ids = Merge(word);
        if (_cache.Count < MostCached)
            _cache.TryAdd(word, ids);
        return ids;
    }

    int[] Merge(string word)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(word);
        int[] ids = new int[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            ids[i] = (i == bytes.Length - 1 ? _lastBytes : _bytes)[bytes[i]];

        int count = ids.Length;
        while (count > 1)
        {
            long best = 0;
            (int Rank, int Id) merge = (int.MaxValue, 0);
            for (int i = 0; i + 1 < count; i++)
                if (_merges.TryGetValue(Pair(ids[i], ids[i + 1]), out (int Rank, int Id) found) && found.Rank < merge.Rank)
                    (merge, best) = (found, Pair(ids[i], ids[i + 1]));
            if (merge.Rank == int.MaxValue)
                break;
            int to = 0;
            for (int i = 0; i < count; i++)
            {
                bool isPair = i + 1 < count && Pair(ids[i], ids[i + 1]) == best;
                ids[to++] = isPair ? merge.Id : ids[i];
                if (isPair)
                    i++;
            }
            count = to;
        }
        return ids[..count];
    }

    static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
}

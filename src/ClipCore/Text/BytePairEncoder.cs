using System.Collections.Concurrent;
using System.Text;

namespace ClipCore.Text;

/// <summary>Merges the bytes of a word into tokens, the earliest merge first. Safe for many threads.</summary>
sealed class BytePairEncoder
{
    // Words repeat; a few hundred thousand of them cost some tens of megabytes at the most.
    const int MostCached = 1 << 17;

    // Longer words are no words of a language and do not come back.
    const int LongestCached = 64;

    // Where a scan after each merge becomes slower than the bookkeeping that spares it.
    const int LongestScanned = 128;

    readonly int[] _bytes = new int[256], _lastBytes = new int[256];
    readonly Dictionary<long, (int Rank, int Id)> _merges;
    readonly long[] _pairs;
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
        _pairs = new long[vocabulary.Merges.Count];
        for (int rank = 0; rank < vocabulary.Merges.Count; rank++)
        {
            (string left, string right) = vocabulary.Merges[rank];
            _pairs[rank] = Pair(vocabulary.Ids[left], vocabulary.Ids[right]);
            _merges.TryAdd(_pairs[rank], (rank, vocabulary.Ids[left + right]));
        }
        LargestId = Math.Max(_bytes.Max(), _lastBytes.Max());
        foreach ((int _, int id) in _merges.Values)
            LargestId = Math.Max(LargestId, id);
    }

    /// <summary>The largest id that a word gives.</summary>
    public int LargestId { get; }

    /// <summary>The token ids of a word.</summary>
    public int[] Encode(string word)
    {
        if (word.Length > LongestCached)
            return Merge(word);
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
        return ids.Length <= LongestScanned ? ids[..Scan(ids)] : MergeLong(ids);
    }

    /// <summary>Merges by looking at all pairs again after each merge, which is quickest for words of usual length.</summary>
    int Scan(int[] ids)
    {
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
        return count;
    }

    /// <summary>
    /// The same merges in the same order in O(n log n): tokens are a linked list, the places of each pair are kept by the pair's rank, and
    /// a queue knows the smallest rank. Pairs that a round makes wait until it is over, as they do above.
    /// </summary>
    int[] MergeLong(int[] ids)
    {
        const int Gone = -2;
        List<int>?[] places = new List<int>?[_pairs.Length];
        int[] next = new int[ids.Length], previous = new int[ids.Length];
        PriorityQueue<int, int> ranks = new();
        for (int i = 0; i < ids.Length; i++)
            (next[i], previous[i]) = (i + 1 < ids.Length ? i + 1 : -1, i - 1);
        for (int i = 0; i + 1 < ids.Length; i++)
            Note(i);

        List<int> made = [];
        while (ranks.TryDequeue(out int rank, out _))
        {
            List<int> round = places[rank]!;
            places[rank] = null;
            round.Sort();
            long pair = _pairs[rank];
            int merged = _merges[pair].Id, last = -1, count = 0;
            for (int i = 0; i < round.Count; i++)
                if (round[i] is var place && place != last && next[place] >= 0 && Pair(ids[place], ids[next[place]]) == pair)
                    round[count++] = last = place;
            made.Clear();
            for (int i = 0; i < count; i++)
            {
                int place = round[i];
                if (next[place] == Gone)
                    continue;
                int right = next[place];
                ids[place] = merged;
                next[place] = next[right];
                next[right] = Gone;
                if (next[place] >= 0)
                {
                    previous[next[place]] = place;
                    made.Add(place);
                }
                if (previous[place] >= 0)
                    made.Add(previous[place]);
            }
            foreach (int place in made)
                Note(place);
        }

        int length = 0;
        for (int i = 0; i >= 0; i = next[i])
            ids[length++] = ids[i];
        return ids[..length];

        void Note(int place)
        {
            if (next[place] < 0 || !_merges.TryGetValue(Pair(ids[place], ids[next[place]]), out (int Rank, int Id) found))
                return;
            if (places[found.Rank] == null)
                ranks.Enqueue(found.Rank, found.Rank);
            (places[found.Rank] ??= []).Add(place);
        }
    }

    static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
}

namespace ClipCore.DataSets;

/// <summary>Which known names are nearest to an unknown one.</summary>
static class EditDistance
{
    /// <summary>The nearest names, the nearest first; names that share hardly a letter are none.</summary>
    public static string[] Nearest(string name, IEnumerable<string> known, int count) =>
    [
        .. known.Distinct().Select(other => (Name: other, Distance: Between(name.ToLowerInvariant(), other.ToLowerInvariant())))
            .Where(other => other.Distance <= Math.Max(2, Math.Max(name.Length, other.Name.Length) / 2))
            .OrderBy(other => other.Distance).ThenBy(other => other.Name, StringComparer.Ordinal).Take(count).Select(other => other.Name),
    ];

    /// <summary>Fewest insertions, deletions and replacements that make one text of another (Levenshtein 1966).</summary>
    public static int Between(string first, string second)
    {
        int[] row = [.. Enumerable.Range(0, second.Length + 1)];
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int replaced = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}

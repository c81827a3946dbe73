using ClipCore.Cli.Report;
using ClipCore.EffectSets;

namespace ClipCore.Cli.Data;

/// <summary>Which images an experiment chooses on and which it is judged on.</summary>
/// <param name="Judged">The images that accuracies are measured on.</param>
/// <param name="Validation">The images that choices are made on; the judged ones where nothing is chosen by their labels.</param>
/// <param name="Note">What was done, for people; empty where all images are judged.</param>
sealed record Splits(EffectSet Judged, EffectSet Validation, string Note)
{
    const ulong Seed = 1;

    static readonly string[] s_test = ["test", "2"], s_validation = ["val", "valid", "validation", "1"];

    /// <summary>Divides a set by its own splits (Waterbirds: 0 training, 1 validation, 2 test), or by halves of each group where it has none for validation.</summary>
    /// <param name="set">All images.</param>
    /// <param name="splits">The split of each image; null where the data tells none.</param>
    /// <param name="chooses">Whether choices are made by labels, which need a split of their own.</param>
    /// <exception cref="UserException">The data has splits but none for test, or a group is too small to halve.</exception>
    public static Splits Of(EffectSet set, string[]? splits, bool chooses)
    {
        int[] all = [.. Enumerable.Range(0, set.ImageCount)];
        int[] test = splits == null ? all : Named(all, splits, s_test);
        if (test.Length == 0)
            throw new UserException($"the data has the splits {string.Join(", ", splits!.Distinct().Order(StringComparer.Ordinal))}, but none for test ({string.Join(" or ", s_test)}).");
        if (!chooses)
            return splits == null ? new Splits(set, set, "") : new Splits(new EffectSubset(set, test), set, $"judged on the {test.Length} images of the test split");
        int[] validation = splits == null ? [] : Named(all, splits, s_validation);
        if (validation.Length > 0)
            return new Splits(
                new EffectSubset(set, test), new EffectSubset(set, validation),
                $"chosen on the {validation.Length} images of the validation split, judged on the {test.Length} of the test split");

        int[][] groups = [.. test.GroupBy(image => (set.Labels![image], set.Attributes![image])).Select(group => group.OrderBy(image => Mix((ulong)image)).ToArray())];
        if (groups.Any(group => group.Length < 2))
            throw new UserException("--contrast needs two images of every group at least: one to choose on and one to judge by.");
        int[] chosen = [.. groups.SelectMany(group => group.Take(group.Length / 2)).Order()], judged = [.. test.Except(chosen)];
        return new Splits(
            new EffectSubset(set, judged), new EffectSubset(set, chosen),
            $"the data has no validation split: chosen on {chosen.Length} images, half of each group (seed {Seed}), judged on the other {judged.Length}");
    }

    static int[] Named(int[] all, string[] splits, string[] names) => [.. all.Where(image => names.Contains(splits[image].Trim().ToLowerInvariant()))];

    static ulong Mix(ulong image)
    {
        // SplitMix64 (Steele, Lea, Flood 2014): the framework's generator makes no promise across versions.
        ulong z = (image + (Seed << 32)) * 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

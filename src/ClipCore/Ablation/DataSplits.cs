using System.Globalization;
using ClipCore.DataSets;
using ClipCore.EffectSets;

namespace ClipCore.Ablation;

/// <summary>
/// Which images an experiment chooses on and which it is judged on. A set that has splits of its own is judged on its test images alone, never on training
/// images. The subsets read from the set they were made of, which stays open and is not disposed with them. Its sets are for one thread at a time, as the set
/// they were made of.
/// </summary>
public sealed class DataSplits
{
    static readonly string[] s_test = ["test", "2"], s_validation = ["val", "valid", "validation", "1"];

    DataSplits(EffectSet judged, EffectSet? validation, ValidationSource source, bool hasOwn) =>
        (Judged, Validation, Source, HasOwnSplits) = (judged, validation, source, hasOwn);

    /// <summary>The images that accuracies are measured on.</summary>
    public EffectSet Judged { get; }

    /// <summary>The images that choices are made on, none of them judged; null where nothing is chosen by labels.</summary>
    public EffectSet? Validation { get; }

    /// <summary>Where <see cref="Validation"/> comes from.</summary>
    public ValidationSource Source { get; }

    /// <summary>Whether the data tells its splits, so that only its test images are judged.</summary>
    public bool HasOwnSplits { get; }

    /// <summary>All test images of a set, or all images where it tells no splits; nothing is chosen by their labels.</summary>
    /// <param name="set">All images.</param>
    /// <exception cref="DataSetException">The set has splits, but none for test.</exception>
    public static DataSplits ToJudge(EffectSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        bool hasOwn = HasSplits(set);
        return new DataSplits(hasOwn ? new EffectSubset(set, Test(set)) : set, null, ValidationSource.None, hasOwn);
    }

    /// <summary>
    /// Images to choose on and others to judge by: the set's own validation and test splits (<c>val</c> and <c>test</c>, or 1 and 2 as Waterbirds has them).
    /// Where it has no validation split, half of each group of class and attribute, drawn by a seed, is chosen on and the other half is judged.
    /// </summary>
    /// <param name="set">All images, with labels and attributes.</param>
    /// <param name="seed">The seed of the halves.</param>
    /// <exception cref="DataSetException">The set has splits, but none for test; or it must be halved and has no groups, or a group of one image.</exception>
    public static DataSplits ToChooseAndJudge(EffectSet set, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(set);
        bool hasOwn = HasSplits(set);
        int[] test = hasOwn ? Test(set) : [.. Enumerable.Range(0, set.ImageCount)], validation = hasOwn ? Named(set, s_validation) : [];
        if (validation.Length > 0)
            return new DataSplits(new EffectSubset(set, test), new EffectSubset(set, validation), ValidationSource.Split, hasOwn);
        if (set.Labels is not { } labels || set.Attributes is not { } attributes)
            throw new DataSetException("The data has no validation split and no groups to halve: a class and an attribute of each image are needed.");
        int[][] groups =
        [
            .. test.Where(image => labels[image] >= 0 && attributes[image] >= 0).GroupBy(image => (labels[image], attributes[image]))
                .Select(group => group.OrderBy(image => Mix((ulong)image, seed)).ToArray()),
        ];
        if (groups.Length == 0 || groups.Any(group => group.Length < 2))
            throw new DataSetException(
                "The data has no validation split, and a group of a single image: two of every group are needed, one to choose on and one to judge by.");
        int[] chosen = [.. groups.SelectMany(group => group.Take(group.Length / 2)).Order()];
        HashSet<int> taken = [.. chosen];
        int[] judged = [.. test.Where(image => !taken.Contains(image))];
        return new DataSplits(new EffectSubset(set, judged), new EffectSubset(set, chosen), ValidationSource.HalfOfEachGroup, hasOwn);
    }

    /// <summary>What was done, in words.</summary>
    public override string ToString()
    {
        string judged = Judged.ImageCount.ToString(CultureInfo.InvariantCulture), of = HasOwnSplits ? " of the test split" : "";
        return Source switch
        {
            ValidationSource.Split => $"chosen on the {Validation!.ImageCount} images of the validation split, judged on the {judged}{of}",
            ValidationSource.HalfOfEachGroup =>
                $"the data has no validation split: chosen on {Validation!.ImageCount} images, half of each group, judged on the other {judged}{of}",
            _ => $"judged on {(HasOwnSplits ? "the" : "all")} {judged} images{of}",
        };
    }

    static bool HasSplits(EffectSet set) => set.Splits != null && set.Splits.Any(split => split.Length > 0);

    static int[] Test(EffectSet set)
    {
        int[] test = Named(set, s_test);
        return test.Length > 0 ? test : throw new DataSetException(
            $"The data has the splits {string.Join(", ", set.Splits!.Where(split => split.Length > 0).Distinct().Order(StringComparer.Ordinal))}, "
            + $"but none for test ({string.Join(" or ", s_test)}): images of other splits are not judged.");
    }

    static int[] Named(EffectSet set, string[] names) =>
        [.. Enumerable.Range(0, set.ImageCount).Where(image => names.Contains(set.Splits![image].Trim(), StringComparer.OrdinalIgnoreCase))];

    static ulong Mix(ulong image, int seed) => SplitMix64.Mix((image + ((ulong)(uint)seed << 32)) * SplitMix64.Step);
}

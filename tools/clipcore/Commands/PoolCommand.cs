using System.CommandLine;
using System.Globalization;
using ClipCore.Cli.Data;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore pool check</c>: whether a pool of texts says things twice.</summary>
static class PoolCommand
{
    const double DefaultThreshold = 0.8;

    public static Command Create()
    {
        Command command = new("pool", "Pools of texts for TEXTSPAN.");
        Command check = new("check", "Reports duplicates and near-duplicates (shared words over all words of two texts), and how many texts each factor has.");
        Argument<string> file = new("file") { Description = "The pool: one text a line, or factor<TAB>text.", HelpName = "FILE" };
        Option<double> threshold = new("--threshold") { Description = "From which share of common words two texts are near-duplicates (default 0.8).", HelpName = "S", DefaultValueFactory = _ => DefaultThreshold };
        check.Arguments.Add(file);
        check.Options.Add(threshold);
        JsonOutput json = new(check);
        check.SetAction(result =>
        {
            double least = result.GetValue(threshold);
            if (!(least is > 0 and <= 1))
                throw new UserException("--threshold must be above 0 and at most 1.");
            TextPool pool = TextPool.Load(result.GetValue(file)!);
            (int First, int Second)[] duplicates = [.. Duplicates(pool)];
            (int First, int Second, double Share)[] near = [.. NearDuplicates(pool, least)];
            (string Factor, int Count)[] factors = [.. pool.Factors.Where(factor => factor.Length > 0).GroupBy(factor => factor).Select(group => (group.Key, group.Count())).OrderBy(pair => pair.Key, StringComparer.Ordinal)];

            TextWriter print = json.Text(result);
            print.WriteLine($"{pool.Name}: {pool.Texts.Length} texts, {factors.Length} factors, {duplicates.Length} duplicates, {near.Length} near-duplicates");
            foreach ((int first, int second) in duplicates)
                print.WriteLine($"  lines {first + 1} and {second + 1} are the same: {pool.Texts[first]}");
            foreach ((int first, int second, double share) in near)
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  lines {first + 1} and {second + 1} share {share:0%} of their words: {pool.Texts[first]} / {pool.Texts[second]}"));
            json.Write(result, writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("texts", pool.Texts.Length);
                writer.WriteStartObject("factors");
                foreach ((string factor, int count) in factors)
                    writer.WriteNumber(factor, count);
                writer.WriteEndObject();
                writer.WriteStartArray("duplicates");
                foreach ((int first, int second) in duplicates)
                    writer.WriteStringValue($"{first + 1} {second + 1}");
                writer.WriteEndArray();
                writer.WriteStartArray("nearDuplicates");
                foreach ((int first, int second, _) in near)
                    writer.WriteStringValue($"{first + 1} {second + 1}");
                writer.WriteEndArray();
                writer.WriteEndObject();
            });
        });
        command.Subcommands.Add(check);
        return command;
    }

    /// <summary>Texts that CLIP reads alike: case and punctuation aside.</summary>
    static IEnumerable<(int, int)> Duplicates(TextPool pool)
    {
        Dictionary<string, int> seen = [];
        for (int i = 0; i < pool.Texts.Length; i++)
            if (!seen.TryAdd(string.Join(' ', Words(pool.Texts[i])), i))
                yield return (seen[string.Join(' ', Words(pool.Texts[i]))], i);
    }

    /// <summary>Pairs whose sets of words have a Jaccard similarity of at least the threshold.</summary>
    static IEnumerable<(int, int, double)> NearDuplicates(TextPool pool, double threshold)
    {
        HashSet<string>[] words = [.. pool.Texts.Select(text => Words(text).ToHashSet())];
        // Only texts that share a word can be alike: pairs are looked for through an index of words.
        Dictionary<string, List<int>> index = [];
        Dictionary<int, int> common = [];
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
            foreach ((int other, int count) in common.OrderBy(pair => pair.Key))
            {
                double share = (double)count / (words[i].Count + words[other].Count - count);
                if (share >= threshold && !Words(pool.Texts[i]).SequenceEqual(Words(pool.Texts[other])))
                    yield return (other, i, share);
            }
        }
    }

    static string[] Words(string text) => [.. new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}

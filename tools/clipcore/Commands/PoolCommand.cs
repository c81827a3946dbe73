using System.CommandLine;
using System.Globalization;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.Files;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore pool check</c>: whether a pool of texts says things twice.</summary>
static class PoolCommand
{
    const double DefaultThreshold = 0.8;

    public static Command Create()
    {
        Command command = new("pool", "Look at pools of texts for TEXTSPAN.");
        Command check = new("check", "Report duplicates and near-duplicates (shared words over all words of two texts), and how many texts each factor has.");
        Argument<string> file = new("file") { Description = "The pool: one text a line, or factor<TAB>text.", HelpName = "FILE" };
        Option<double> threshold = new("--threshold")
        {
            Description = "From which share of common words two texts are near-duplicates (default 0.8).",
            HelpName = "S",
            DefaultValueFactory = _ => DefaultThreshold,
        };
        check.Arguments.Add(file);
        check.Options.Add(threshold);
        JsonOutput json = new(check);
        check.OnRun((result, _) =>
        {
            double least = result.GetValue(threshold);
            if (!(least is > 0 and <= 1))
                throw new UserException("--threshold must be above 0 and at most 1.");
            TextPool pool = TextPool.Load(Given.Path("the pool", result.GetValue(file)!));
            TextPair Pair(int first, int second, double similarity) => new(first + 1, second + 1, pool.Texts[first], pool.Texts[second], similarity);
            TextPair[] duplicates = [.. pool.Duplicates().Select(pair => Pair(pair.First, pair.Second, 1))];
            TextPair[] near = [.. pool.NearDuplicates(least).Select(pair => Pair(pair.First, pair.Second, pair.Similarity))];
            Dictionary<string, int> factors = pool.Factors.Where(factor => factor.Length > 0).GroupBy(factor => factor)
                .OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count());

            TextWriter print = json.Text(result);
            print.WriteLine($"{pool.Name}: {pool.Count} texts, {factors.Count} factors, {duplicates.Length} duplicates, {near.Length} near-duplicates");
            foreach (TextPair pair in duplicates)
                print.WriteLine($"  lines {pair.FirstLine} and {pair.SecondLine} are the same: {pair.First}");
            foreach (TextPair pair in near)
                print.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  lines {pair.FirstLine} and {pair.SecondLine} share {pair.Similarity:0%} of their words: {pair.First} / {pair.Second}"));
            json.Write(result, null, pool.Name, new PoolResults(pool.Count, pool.Sha256(), factors, duplicates, near),
                ResultsContext.Default.EnvelopePoolResults);
        });
        command.Subcommands.Add(check);
        return command;
    }
}

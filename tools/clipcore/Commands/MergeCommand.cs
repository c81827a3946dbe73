using System.CommandLine;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.EffectSets;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore merge</c>: shards of a run as one store.</summary>
static class MergeCommand
{
    public static Command Create()
    {
        Command command = new("merge", "Join the shards of a run into one store, with the same bits as one run.");
        Argument<string[]> shards = new("shard") { Description = "The shards' folders, in any order.", HelpName = "STORE", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--out") { Description = "The joint store's folder.", HelpName = "STORE", Required = true };
        command.Arguments.Add(shards);
        command.Options.Add(output);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            string[] parts = [.. result.GetValue(shards)!.Select(part => Given.Path("a shard", part))];
            string folder = Given.Path("--out", result.GetValue(output)!);
            using (Progress progress = new("merging", "images", null))
                EffectStore.Merge(parts, folder, progress, cancellation);
            StoreStatistics merged = EffectStore.OpenStatistics(folder);
            json.Text(result).WriteLine($"{parts.Length} shards, {merged.ImageCount} images -> {folder}");
            json.Write(result, merged.Identity, folder, new MergeResults(folder, parts, merged.ImageCount), ResultsContext.Default.EnvelopeMergeResults);
        });
        return command;
    }
}

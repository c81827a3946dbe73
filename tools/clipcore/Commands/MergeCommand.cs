using System.CommandLine;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.Decomposition;
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
            StoreRunResult merged;
            using (Progress progress = new("merging", "blocks", 0))
                merged = EffectStore.Merge(parts, folder, progress, cancellation);
            json.Text(result).WriteLine($"{parts.Length} shards, {merged.Images} images -> {folder}");
            ModelIdentity identity = StoreStatistics.Open(folder).Identity;
            json.Write(result, identity, folder, new MergeResults(folder, parts, merged.Images), ResultsContext.Default.EnvelopeMergeResults);
        });
        return command;
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ClipCore.EffectSets;
using ClipCore.Files;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore merge</c>: shards of a run as one store.</summary>
static class MergeCommand
{
    public static Command Create()
    {
        Command command = new("merge", "Joins the shards of a run into one store, with the same bits as one run.");
        Argument<string[]> shards = new("shard") { Description = "The shards' folders, in any order.", HelpName = "STORE", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--out") { Description = "The joint store's folder.", HelpName = "STORE", Required = true };
        command.Arguments.Add(shards);
        command.Options.Add(output);
        command.SetAction(result =>
        {
            string folder = result.GetValue(output)!;
            string[] parts = result.GetValue(shards)!;
            EffectStore.Merge(parts, folder);
            result.InvocationConfiguration.Output.WriteLine($"{parts.Length} shards -> {folder}");
        });
        return command;
    }
}

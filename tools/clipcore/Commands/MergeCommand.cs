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
            (string Folder, StoreManifest Manifest)[] parts = [.. result.GetValue(shards)!.Select(path => (path, StoreManifest.Read(path))).OrderBy(part => part.Item2.Shard)];
            StoreManifest first = parts[0].Manifest;
            foreach ((string path, StoreManifest manifest) in parts)
                if (!manifest.Fits(first))
                    throw new UserException($"{path} and {parts[0].Folder} are of different models, pictures or options: merge the shards of one run.");
            if (!parts.Select(part => part.Manifest.Shard).SequenceEqual(Enumerable.Range(0, first.ShardCount)))
                throw new UserException($"{first.ShardCount} shards are needed, each once, but the given ones are {string.Join(", ", parts.Select(part => part.Manifest.Shard + 1))}.");
            foreach ((string path, StoreManifest manifest) in parts)
                if (new StoreFiles(path, manifest).BlocksDone < manifest.Blocks.End)
                    throw new UserException($"{path} is not complete: finish it with the same clipcore run.");
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new UserException($"{folder} is not empty: name a new folder.");
            Directory.CreateDirectory(folder);
            StoreManifest joint = first with { Shard = 0, ShardCount = 1 };
            StoreFiles files = new(folder, joint);
            SpanStatistics[] statistics = files.ReadStatistics();
            List<long> skipped = [];
            foreach ((string path, StoreManifest manifest) in parts)
            {
                StoreFiles of = new(path, manifest);
                SpanStatistics[] theirs = of.ReadStatistics();
                for (int head = 0; head < statistics.Length; head++)
                    statistics[head].Merge(theirs[head]);
                skipped.AddRange(of.ReadSkipped());
                for (int block = manifest.Blocks.First; block < manifest.Blocks.End && !manifest.StatisticsOnly; block++)
                    Copy(of.Block(block), files.Block(block));
            }
            Copy(Path.Combine(parts[0].Folder, "basis.safetensors"), Path.Combine(folder, "basis.safetensors"));
            files.WriteStatistics(statistics, joint.BlockCount, [.. skipped]);
            joint.Write(folder);
            result.InvocationConfiguration.Output.WriteLine($"{parts.Length} shards -> {folder}");
        });
        return command;
    }

    static void Copy(string from, string to)
    {
        using OutputFile file = new(to);
        using (FileStream source = File.OpenRead(from))
            source.CopyTo(file.Stream);
        file.Commit();
    }
}

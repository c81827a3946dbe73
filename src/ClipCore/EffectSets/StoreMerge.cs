using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.EffectSets;

/// <summary>Joins the shards of a run.</summary>
sealed class StoreMerge
{
    readonly (string Folder, StoreManifest Manifest)[] _parts;

    /// <param name="shards">The shards' folders, in any order.</param>
    /// <exception cref="InvalidDataException">They are not all shards of one run, each once and complete.</exception>
    public StoreMerge(IReadOnlyList<string> shards)
    {
        _parts = [.. shards.Select(path => (path, StoreManifest.Read(path))).OrderBy(part => part.Item2.Shard)];
        (string firstFolder, StoreManifest first) = _parts[0];
        foreach ((string path, StoreManifest manifest) in _parts)
            if (manifest.Difference(first) is { } difference)
                throw new InvalidDataException($"{path} and {firstFolder} do not belong together, one has {difference}: merge the shards of one run.");
        if (!_parts.Select(part => part.Manifest.Shard).SequenceEqual(Enumerable.Range(0, first.ShardCount)))
            throw new InvalidDataException(
                $"{first.ShardCount} shards are needed, each once, but the given ones are "
                + $"{string.Join(", ", _parts.Select(part => part.Manifest.Shard + 1))}.");
        foreach ((string path, StoreManifest manifest) in _parts)
            if (new StoreFiles(path, manifest).ReadProgress().BlocksDone < manifest.Blocks.End)
                throw new InvalidDataException($"{path} is not complete: run that shard again, it goes on where it was.");
    }

    /// <summary>Writes the joint store; its manifest comes last, so that what is half merged is no store.</summary>
    public void Write(string path, IProgress<int>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using StoreFolder folder = StoreFolder.Open(path);
        if (folder.HasManifest)
        {
            folder.Keep();
            throw new IOException($"{path} holds a store already: name a new folder.");
        }
        folder.CleanUp();
        StoreManifest joint = _parts[0].Manifest with { Shard = 0, ShardCount = 1 };
        StoreFiles files = new(path, joint);
        SpanStatistics[] statistics = new StoreFiles(path, joint).ReadStatistics();
        List<int> skipped = [];
        List<string> reasons = [];
        foreach ((string from, StoreManifest manifest) in _parts)
        {
            StoreFiles of = new(from, manifest);
            SpanStatistics[] theirs = of.ReadStatistics();
            for (int head = 0; head < statistics.Length; head++)
                statistics[head].Merge(theirs[head]);
            StoreProgress state = of.ReadProgress();
            skipped.AddRange(state.Skipped);
            reasons.AddRange(state.Reasons);
            for (int block = manifest.Blocks.First; block < manifest.Blocks.End; block++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!manifest.StatisticsOnly)
                    CopyTensors(of.Block(block), files.Block(block));
                progress?.Report(manifest.FirstImage(block + 1));
            }
        }
        CopyTensors(Path.Combine(_parts[0].Folder, StoreFiles.BasisName), Path.Combine(path, StoreFiles.BasisName));
        Copy(Path.Combine(_parts[0].Folder, StoreTable.FileName), Path.Combine(path, StoreTable.FileName));
        if (joint.ClassesSha256.Length > 0)
            Copy(Path.Combine(_parts[0].Folder, StoreClasses.FileName), Path.Combine(path, StoreClasses.FileName));
        files.WriteStatistics(statistics, new StoreProgress(joint.BlockCount, skipped, reasons));
        cancellation.ThrowIfCancellationRequested();
        joint.Write(path);
        folder.Keep();
    }

    /// <summary>Copies a file of tensors that is whole.</summary>
    static void CopyTensors(string from, string to)
    {
        SafetensorsFile.Open(from).Dispose();
        Copy(from, to);
    }

    static void Copy(string from, string to)
    {
        using OutputFile file = new(to);
        using (FileStream source = File.OpenRead(from))
            source.CopyTo(file.Stream);
        file.Commit();
    }
}

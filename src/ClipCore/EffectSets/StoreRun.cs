using System.Diagnostics;
using ClipCore.Checkpoints;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Threads;

namespace ClipCore.EffectSets;

/// <summary>Fills a store block by block; what was interrupted goes on where it was, to the same bits.</summary>
sealed class StoreRun
{
    // Images of one pass: small enough that a cancelled run ends soon.
    const int Batch = 8;

    // Statistics are written after a block unless that would take more than this share of the time.
    const double WritingShare = 0.1;

    readonly IImageModel _model;
    readonly ImageSet _images;
    readonly StoreManifest _manifest;
    readonly StoreFiles _files;
    readonly ImageBatchReader _reader;
    readonly string _folder;
    readonly byte[] _classes;
    readonly List<int> _skipped = [];
    readonly List<string> _reasons = [];

    /// <exception cref="ArgumentException">An option is out of range, or labels and classes do not belong together.</exception>
    public StoreRun(IImageModel model, ImageSet images, string folder, StoreOptions options)
    {
        VisionConfig vision = model.VisionConfig;
        if (options.DType is not (DType.F32 or DType.F16))
            throw new ArgumentException($"{nameof(StoreOptions.DType)} is {options.DType}, but stores keep numbers as F32 or F16.", nameof(options));
        if (options.LastLayers is { } last && (last < 1 || last > vision.LayerCount))
            throw new ArgumentException($"{nameof(StoreOptions.LastLayers)} is {last}, but must lie in 1 … {vision.LayerCount}, the layers of this model.",
                nameof(options));
        if (options.Shard.Count < 1 || options.Shard.Index < 0 || options.Shard.Index >= options.Shard.Count)
            throw new ArgumentException($"{nameof(StoreOptions.Shard)} is {options.Shard}, but an index counts from 0 and lies below the count.",
                nameof(options));
        if (options.MaxPixels < 1)
            throw new ArgumentException($"{nameof(StoreOptions.MaxPixels)} is {options.MaxPixels}, but must be positive.", nameof(options));
        (_model, _images, _folder) = (model, images, folder);
        _classes = StoreClasses.Of(images, options.Classes).ToBytes();
        _manifest = new StoreManifest(
            model.Identity, vision.LayerCount, vision.HeadCount, vision.Width, model.EmbedWidth, vision.TokenCount,
            vision.LayerCount - (options.LastLayers ?? vision.LayerCount),
            options.DType, options.StatisticsOnly, options.Shard.Index, options.Shard.Count, images.Count, StoreTable.Write(images, null),
            StoreClasses.Hash(_classes));
        _files = new StoreFiles(folder, _manifest);
        _reader = new ImageBatchReader(images, model.Preprocessor, options.MaxPixels, options.Strict);
    }

    /// <summary>Runs to the end.</summary>
    public StoreRunResult Run(IProgress<int>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using StoreFolder folder = StoreFolder.Open(_folder);
        Prepare(folder);
        StoreProgress state = _files.ReadProgress();
        _skipped.AddRange(state.Skipped);
        _reasons.AddRange(state.Reasons);
        SpanStatistics[] statistics = _files.ReadStatistics();
        (int firstImage, int endImage) = _manifest.Images;
        int done = state.BlocksDone, written = done, end = _manifest.Blocks.End;
        long begun = Stopwatch.GetTimestamp();
        TimeSpan writing = TimeSpan.Zero;
        try
        {
            for (; done < end; progress?.Report(_manifest.FirstImage(done) - firstImage))
            {
                cancellation.ThrowIfCancellationRequested();
                Block(done, statistics, cancellation);
                done++;
                if (writing <= WritingShare * Stopwatch.GetElapsedTime(begun))
                    Write();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or DataSetException or ImageException)
        {
            // What is done stays done; a block is counted whole or not at all.
            if (written < done)
                Write();
            throw;
        }
        if (written < done || done == _manifest.Blocks.First)
            Write();
        return new StoreRunResult(
            endImage - firstImage - _skipped.Count,
            [.. _skipped.Select((image, i) => new SkippedImage(image, _images.Entries[image].Image.Name, _reasons[i]))], _folder);

        void Write()
        {
            long start = Stopwatch.GetTimestamp();
            _files.WriteStatistics(statistics, new StoreProgress(done, _skipped, _reasons));
            (written, writing) = (done, writing + Stopwatch.GetElapsedTime(start));
        }
    }

    void Prepare(StoreFolder folder)
    {
        folder.CleanUp();
        if (folder.HasManifest)
        {
            folder.Keep();
            StoreManifest old = StoreManifest.Read(_folder);
            if (_manifest.Difference(old) is { } difference)
                throw new InvalidDataException(
                    $"{_folder} was begun with {difference} (model {old.Model.Name}): name another folder, or give the same as then.");
            if (old.Shard != _manifest.Shard)
                throw new InvalidDataException(
                    $"{_folder} was begun as shard {old.Shard + 1} of {old.ShardCount}, not {_manifest.Shard + 1}: name another folder for each shard.");
            return;
        }
        _files.WriteBasis(_model.CoordinateBasis());
        using (OutputFile table = new(Path.Combine(_folder, StoreTable.FileName)))
        {
            StoreTable.Write(_images, table.Stream);
            table.Commit();
        }
        if (_classes.Length > 0)
        {
            using OutputFile classes = new(Path.Combine(_folder, StoreClasses.FileName));
            classes.Stream.Write(_classes);
            classes.Commit();
        }
        _manifest.Write(_folder);
        folder.Keep();
    }

    void Block(int block, SpanStatistics[] statistics, CancellationToken cancellation)
    {
        int first = _manifest.FirstImage(block), count = _manifest.FirstImage(block + 1) - first;
        ImageBatch batch = _reader.Read(first, count, cancellation);
        BlockEffects effects = new(_manifest, [.. batch.Indices.Select(index => (long)index)]);
        for (int image = 0; image < batch.Count; image += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            int width = _model.Preprocessor.PixelCount, size = Math.Min(Batch, batch.Count - image);
            (DirectEffects direct, EffectCoordinates coordinates) = _model.DecomposeToCoordinates(batch.Pixels.AsSpan(image * width, size * width));
            effects.Take(image, direct, coordinates);
        }
        effects.Check(index => _images.Entries[(int)index].Image.Name);
        if (!_manifest.StatisticsOnly)
            _files.WriteBlock(block, effects);
        AddStatistics(effects, statistics);
        _skipped.AddRange(batch.Skipped.Select(image => image.Index));
        _reasons.AddRange(batch.Skipped.Select(image => image.Reason));
    }

    /// <summary>Heads are independent of each other: their order does not matter.</summary>
    void AddStatistics(BlockEffects effects, SpanStatistics[] statistics) => IndependentItems.Run(statistics.Length, head =>
    {
        int k = _manifest.HeadWidth;
        float[] q = new float[_manifest.Coordinates];
        for (int image = 0; image < effects.Index.Length; image++)
        {
            int row = (image * _manifest.KeptLayers) + (head / _manifest.HeadCount);
            effects.Z.AsSpan((row * _manifest.Width) + (head % _manifest.HeadCount * k), k).CopyTo(q);
            effects.Shared.AsSpan(image * EffectCoordinates.Scalars, EffectCoordinates.Scalars).CopyTo(q.AsSpan(k));
            statistics[head].Add(q);
        }
        statistics[head].EndBlock();
    });
}

using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Reports.Pictures;
using ClipCore.Safetensors;

namespace ClipCore.Cli.Data;

/// <summary>Fills a store block by block; what was interrupted goes on where it was, to the same bits.</summary>
sealed class StoreRun
{
    readonly ClipModel _model;
    readonly StoreManifest _manifest;
    readonly StoreFiles _files;
    readonly string _folder;
    readonly float[] _pixels;
    readonly bool _strict;
    readonly long _maxPixels;

    /// <param name="model">The model.</param>
    /// <param name="manifest">What the store is to hold.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="strict">Whether a picture that can't be read ends the run.</param>
    /// <param name="maxPixels">Pictures with more pixels count as unreadable.</param>
    public StoreRun(ClipModel model, StoreManifest manifest, string folder, bool strict, long maxPixels)
    {
        (_model, _manifest, _folder, _strict, _maxPixels) = (model, manifest, folder, strict, maxPixels);
        _files = new StoreFiles(folder, manifest);
        _pixels = new float[(long)Math.Min(BlockMean.Block, manifest.Names.Length) * model.PixelCount];
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>Images that could not be read, with the reason.</returns>
    public IReadOnlyList<string> Run()
    {
        Prepare();
        (int first, int end) = _manifest.Blocks;
        int done = Math.Max(first, _files.BlocksDone);
        SpanStatistics[] statistics = _files.ReadStatistics();
        List<long> skipped = [.. _files.ReadSkipped()];
        List<string> reasons = [];
        using Progress progress = new("running", "images", Images(first, end), Images(first, done));
        for (int block = done; block < end; block++)
        {
            LoadedBlock loaded = Load(block);
            reasons.AddRange(loaded.Reasons);
            skipped.AddRange(loaded.Skipped);
            if (_strict && loaded.Reasons.Length > 0)
                throw new UserException($"{loaded.Reasons[0]} (--strict; leave it out to skip such pictures)");
            Compute(block, loaded, statistics);
            _files.WriteStatistics(statistics, block + 1, [.. skipped]);
            progress.Report(Images(first, block + 1));
        }
        if (done >= end && !File.Exists(Path.Combine(_folder, "statistics.safetensors")))
            _files.WriteStatistics(statistics, end, []);
        return reasons;
    }

    /// <summary>A block's pictures as pixels, and what could not be read.</summary>
    sealed record LoadedBlock(long[] Index, float[] Pixels, long[] Skipped, string[] Reasons);

    int Images(int firstBlock, int endBlock) => Math.Min(endBlock * BlockMean.Block, _manifest.Names.Length) - (firstBlock * BlockMean.Block);

    void Prepare()
    {
        Directory.CreateDirectory(_folder);
        if (File.Exists(Path.Combine(_folder, StoreManifest.FileName)))
        {
            StoreManifest old = StoreManifest.Read(_folder);
            if (old.ModelSha256 != _manifest.ModelSha256)
                throw new UserException($"{_folder} was begun with another model ({old.ModelName}): name another folder, or the same model.");
            if (!old.Fits(_manifest) || old.Shard != _manifest.Shard)
                throw new UserException($"{_folder} was begun with other pictures, labels or options: name another folder, or give the same ones.");
            return;
        }
        if (Directory.EnumerateFileSystemEntries(_folder).Any())
            throw new UserException($"{_folder} is not empty and no store: name a new folder.");
        _files.WriteBasis(((IImageModel)_model).CoordinateBasis());
        _manifest.Write(_folder);
    }

    /// <summary>Decodes a block on all cores; the model then has them to itself, since a pass and a decoder side by side only get in each other's way.</summary>
    LoadedBlock Load(int block)
    {
        int first = block * BlockMean.Block, count = Math.Min(BlockMean.Block, _manifest.Names.Length - first);
        byte[]?[] pictures = new byte[]?[count];
        string[] faults = new string[count];
        Parallel(count, i =>
        {
            try
            {
                pictures[i] = _model.Preprocessor.Prepare(ImageDecoder.Load(_manifest.Names[first + i], _maxPixels)).Rgb;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                faults[i] = exception.Message;
            }
        });
        int[] good = [.. Enumerable.Range(0, count).Where(i => pictures[i] != null)], bad = [.. Enumerable.Range(0, count).Where(i => pictures[i] == null)];
        for (int i = 0; i < good.Length; i++)
            _model.Preprocessor.Normalize(pictures[good[i]], _pixels.AsSpan(i * _model.PixelCount, _model.PixelCount));
        return new LoadedBlock([.. good.Select(i => (long)first + i)], _pixels, [.. bad.Select(i => (long)first + i)], [.. bad.Select(i => faults[i])]);
    }

    void Compute(int block, LoadedBlock loaded, SpanStatistics[] statistics)
    {
        int images = loaded.Index.Length, layers = _manifest.LayerCount, width = _manifest.Width, embed = _manifest.EmbedWidth;
        if (images > 0)
        {
            (DirectEffects effects, EffectCoordinates coordinates) = ((IImageModel)_model).DecomposeToCoordinates(loaded.Pixels.AsSpan(0, images * _model.PixelCount));
            AddStatistics(coordinates, images, statistics);
            if (!_manifest.StatisticsOnly)
            {
                DType type = _manifest.DType == "f16" ? DType.F16 : DType.F32;
                SafetensorsWriter writer = new();
                writer.Add("index", [images], (ReadOnlyMemory<long>)loaded.Index);
                int kept = _manifest.KeptLayers, first = _manifest.FirstLayer;
                writer.Add("z", [images, kept, width], Layers(coordinates.Z, layers, width, first, layers), type);
                if (first == 0)
                    writer.Add("class_token", [images, layers, width], coordinates.ClassToken, type);
                else
                    writer.Add("early_attention", [images, first, embed], Layers(effects.AttentionValues, layers, embed, 0, first), type);
                writer.Add("shared", [images, EffectCoordinates.Scalars], coordinates.Shared);
                writer.Add("mlp", [images, layers + 1, embed], effects.MlpValues, type);
                writer.Add("representation", [images, embed], effects.RepresentationValues);
                writer.Save(_files.Block(block));
            }
            return;
        }
        if (!_manifest.StatisticsOnly)
        {
            SafetensorsWriter empty = new();
            empty.Add("index", [0], ReadOnlyMemory<long>.Empty);
            empty.Save(_files.Block(block));
        }
    }

    /// <summary>Some layers of [n, L, width].</summary>
    static float[] Layers(float[] values, int layers, int width, int first, int end)
    {
        if (first == 0 && end == layers)
            return values;
        int images = values.Length / (layers * width), part = (end - first) * width;
        float[] result = new float[images * part];
        for (int image = 0; image < images; image++)
            values.AsSpan(((image * layers) + first) * width, part).CopyTo(result.AsSpan(image * part));
        return result;
    }

    void AddStatistics(EffectCoordinates coordinates, int images, SpanStatistics[] statistics)
    {
        int k = _manifest.HeadWidth, layers = _manifest.LayerCount, heads = _manifest.HeadCount, width = _manifest.Width;
        Parallel(statistics.Length, head =>
        {
            float[] q = new float[k + EffectCoordinates.Scalars];
            for (int image = 0; image < images; image++)
            {
                coordinates.Z.AsSpan((((image * layers) + _manifest.FirstLayer + (head / heads)) * width) + (head % heads * k), k).CopyTo(q);
                coordinates.Shared.AsSpan(image * EffectCoordinates.Scalars, EffectCoordinates.Scalars).CopyTo(q.AsSpan(k));
                statistics[head].Add(q);
            }
            statistics[head].EndBlock();
        });
    }

    /// <summary>Heads are independent of each other: their order does not matter.</summary>
    static void Parallel(int count, Action<int> body) => System.Threading.Tasks.Parallel.For(0, count, body);
}

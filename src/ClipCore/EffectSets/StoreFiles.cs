using System.Runtime.InteropServices;
using System.Text;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.EffectSets;

/// <summary>The tensors of a store. What is read is checked against the manifest before memory is taken for it.</summary>
sealed class StoreFiles(string folder, StoreManifest manifest)
{
    /// <summary>Names of files within the store.</summary>
    public const string BasisName = "basis.safetensors", StatisticsName = "statistics.safetensors";

    const string BlocksDoneTensor = "blocks_done", SkippedTensor = "skipped", ReasonsTensor = "skipped_reasons", HeadsTensor = "heads";

    string StatisticsPath => Path.Combine(folder, StatisticsName);

    string BasisPath => Path.Combine(folder, BasisName);

    int HeadRows => manifest.KeptLayers * manifest.HeadCount;

    int HeadNumbers => SpanStatistics.SavedLength(manifest.Coordinates);

    public string Block(int block) => Path.Combine(folder, FormattableString.Invariant($"block-{block:000000}.safetensors"));

    public void WriteBasis(CoordinateBasis basis)
    {
        SafetensorsWriter writer = new();
        writer.Add("g", [manifest.LayerCount, manifest.Width, manifest.EmbedWidth], basis.G);
        writer.Add("out_bias", [manifest.LayerCount, manifest.EmbedWidth], basis.OutBias);
        writer.Add("ones", [manifest.EmbedWidth], basis.Ones);
        writer.Add("beta", [manifest.EmbedWidth], basis.Beta);
        writer.Save(BasisPath);
    }

    public CoordinateBasis ReadBasis()
    {
        using SafetensorsFile file = SafetensorsFile.Open(BasisPath);
        return new CoordinateBasis(
            Require(file, "g", DType.F32, manifest.LayerCount, manifest.Width, manifest.EmbedWidth).ToSingles(),
            Require(file, "out_bias", DType.F32, manifest.LayerCount, manifest.EmbedWidth).ToSingles(),
                Require(file, "ones", DType.F32, manifest.EmbedWidth).ToSingles(),
            Require(file, "beta", DType.F32, manifest.EmbedWidth).ToSingles());
    }

    /// <summary>How far it is: what the statistics have seen is what is done.</summary>
    public StoreProgress ReadProgress()
    {
        (int first, int end) = manifest.Blocks;
        if (!File.Exists(StatisticsPath))
            return new StoreProgress(first, [], []);
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        long done = Longs(Require(file, BlocksDoneTensor, DType.I64, 1))[0];
        if (done < first || done > end)
            throw StoreManifest.Damaged(StatisticsPath, $"{done} blocks are done of {first} … {end}");
        long[] skipped = Longs(RequireList(file, SkippedTensor, DType.I64));
        long previous = manifest.FirstImage(first) - 1L;
        foreach (long image in skipped)
        {
            if (image <= previous || image >= manifest.FirstImage((int)done))
                throw StoreManifest.Damaged(StatisticsPath, $"image {image} can't have been skipped");
            previous = image;
        }
        string reasons = Encoding.UTF8.GetString(RequireList(file, ReasonsTensor, DType.U8).Bytes);
        string[] lines = reasons.Length == 0 ? [] : reasons.Split('\n');
        return lines.Length == skipped.Length ? new StoreProgress((int)done, Array.ConvertAll(skipped, image => (int)image), lines)
            : throw StoreManifest.Damaged(StatisticsPath, $"{lines.Length} reasons for {skipped.Length} images");
    }

    /// <summary>Statistics of all heads, layer by layer; empty ones before the first block.</summary>
    public SpanStatistics[] ReadStatistics()
    {
        if (!File.Exists(StatisticsPath))
            return [.. Enumerable.Range(0, HeadRows).Select(_ => new SpanStatistics(manifest.Coordinates))];
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        TensorView heads = RequireHeads(file);
        return [.. Enumerable.Range(0, HeadRows).Select(row => Restore(heads, row))];
    }

    /// <summary>Statistics of some heads of layers that are kept.</summary>
    public IReadOnlyDictionary<ComponentLabel, SpanStatistics> ReadStatistics(IReadOnlyCollection<ComponentLabel> labels)
    {
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        TensorView heads = RequireHeads(file);
        Dictionary<ComponentLabel, SpanStatistics> found = [];
        foreach (ComponentLabel label in labels)
            found[label] = Restore(heads, ((label.Layer - manifest.FirstLayer) * manifest.HeadCount) + label.Head);
        return found;
    }

    public void WriteStatistics(SpanStatistics[] statistics, StoreProgress progress)
    {
        SafetensorsWriter writer = new();
        byte[] reasons = Encoding.UTF8.GetBytes(string.Join('\n', progress.Reasons));
        writer.Add(BlocksDoneTensor, [1], (ReadOnlyMemory<long>)new long[] { progress.BlocksDone });
        writer.Add(SkippedTensor, [progress.Skipped.Count], (ReadOnlyMemory<long>)progress.Skipped.Select(image => (long)image).ToArray());
        writer.Add(ReasonsTensor, DType.U8, [reasons.Length], stream => stream.Write(reasons));
        writer.Add(HeadsTensor, DType.I64, [HeadRows, HeadNumbers], stream =>
        {
            foreach (SpanStatistics head in statistics)
                stream.Write(MemoryMarshal.AsBytes(head.Save().AsSpan()));
        });
        writer.Save(StatisticsPath);
    }

    public void WriteBlock(int block, BlockEffects effects)
    {
        int images = effects.Index.Length, layers = manifest.LayerCount, first = manifest.FirstLayer;
        SafetensorsWriter writer = new();
        writer.Add("index", [images], (ReadOnlyMemory<long>)effects.Index);
        if (images > 0)
        {
            writer.Add("z", [images, layers - first, manifest.Width], effects.Z, manifest.DType);
            if (first == 0)
                writer.Add("class_token", [images, layers, manifest.Width], effects.ClassToken, manifest.DType);
            else
                writer.Add("early_attention", [images, first, manifest.EmbedWidth], effects.EarlyAttention, manifest.DType);
            writer.Add("shared", [images, EffectCoordinates.Scalars], effects.Shared);
            writer.Add("mlp", [images, layers + 1, manifest.EmbedWidth], effects.Mlps, manifest.DType);
            writer.Add("representation", [images, manifest.EmbedWidth], effects.Representations);
        }
        writer.Save(Block(block));
    }

    /// <summary>Opens a block and checks that it is whole.</summary>
    /// <param name="block">Which.</param>
    /// <param name="index">The images that it must hold.</param>
    public StoreBlock OpenBlock(int block, ReadOnlySpan<int> index)
    {
        SafetensorsFile file = SafetensorsFile.Open(Block(block));
        try
        {
            int images = index.Length, layers = manifest.LayerCount, first = manifest.FirstLayer;
            long[] stored = Longs(Require(file, "index", DType.I64, images));
            for (int i = 0; i < images; i++)
                if (stored[i] != index[i])
                    throw StoreManifest.Damaged(file.Name, $"it holds image {stored[i]}, where {index[i]} belongs");
            return images == 0 ? new StoreBlock(file, null, null, null, null, null, null) : new StoreBlock(
                file, Require(file, "z", manifest.DType, images, layers - first, manifest.Width),
                first == 0 ? Require(file, "class_token", manifest.DType, images, layers, manifest.Width) : null,
                first > 0 ? Require(file, "early_attention", manifest.DType, images, first, manifest.EmbedWidth) : null,
                Require(file, "shared", DType.F32, images, EffectCoordinates.Scalars),
                    Require(file, "mlp", manifest.DType, images, layers + 1, manifest.EmbedWidth),
                Require(file, "representation", DType.F32, images, manifest.EmbedWidth));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static TensorView Require(SafetensorsFile file, string name, DType type, params ReadOnlySpan<long> shape)
    {
        if (!file.Tensors.TryGetValue(name, out TensorView? tensor))
            throw StoreManifest.Damaged(file.Name, $"it has no tensor {name}");
        return tensor.ElementType == type && tensor.Shape.SequenceEqual(shape) ? tensor
            : throw StoreManifest.Damaged(
                file.Name,
                $"{name} is {tensor.ElementType.Name()} [{string.Join(", ", tensor.Shape.ToArray())}], "
                + $"where {type.Name()} [{string.Join(", ", shape.ToArray())}] belongs");
    }

    static TensorView RequireList(SafetensorsFile file, string name, DType type)
    {
        long length = file.Tensors.TryGetValue(name, out TensorView? tensor) && tensor.Shape.Length == 1 ? tensor.ElementCount : 0;
        return Require(file, name, type, length).ByteLength <= int.MaxValue ? tensor! : throw StoreManifest.Damaged(file.Name, $"{name} is too long");
    }

    static long[] Longs(TensorView tensor)
    {
        long[] values = new long[tensor.ElementCount];
        tensor.CopyTo(values);
        return values;
    }

    TensorView RequireHeads(SafetensorsFile file) => Require(file, HeadsTensor, DType.I64, HeadRows, HeadNumbers);

    SpanStatistics Restore(TensorView heads, int row)
    {
        long[] saved = Longs(heads.Rows(row, 1));
        (int first, int end) = manifest.Images;
        return saved[0] >= 0 && saved[0] <= end - first ? SpanStatistics.Restore(manifest.Coordinates, saved)
            : throw StoreManifest.Damaged(StatisticsPath, $"statistics of {saved[0]} images");
    }
}

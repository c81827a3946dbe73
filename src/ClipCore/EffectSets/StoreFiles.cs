using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.Safetensors;

namespace ClipCore.EffectSets;

/// <summary>The files of a store.</summary>
sealed class StoreFiles(string folder, StoreManifest manifest)
{
    int Coordinates => manifest.HeadWidth + EffectCoordinates.Scalars;

    string StatisticsPath => Path.Combine(folder, "statistics.safetensors");

    string BasisPath => Path.Combine(folder, "basis.safetensors");

    /// <summary>Blocks that are done, counted from the first of the set: what statistics have seen is what is done.</summary>
    public int BlocksDone
    {
        get
        {
            if (!File.Exists(StatisticsPath))
                return manifest.Blocks.First;
            using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
            return (int)Longs(file["blocks_done"])[0];
        }
    }

    public string Block(int block) => Path.Combine(folder, FormattableString.Invariant($"block-{block:000000}.safetensors"));

    public static long[] Longs(TensorView tensor) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(tensor.Bytes).ToArray();

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
        return new CoordinateBasis(Floats(file["g"]), Floats(file["out_bias"]), Floats(file["ones"]), Floats(file["beta"]));
    }

    /// <summary>Statistics of all heads, layer by layer; empty ones before the first block.</summary>
    public SpanStatistics[] ReadStatistics()
    {
        SpanStatistics[] all = new SpanStatistics[manifest.KeptLayers * manifest.HeadCount];
        if (!File.Exists(StatisticsPath))
            return [.. all.Select(_ => new SpanStatistics(Coordinates))];
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        return [.. all.Select((_, i) => SpanStatistics.Restore(Coordinates, Longs(file["heads"].Rows(i, 1))))];
    }

    public SpanStatistics ReadStatistics(int layer, int head)
    {
        if (!File.Exists(StatisticsPath))
            throw new FileNotFoundException($"{folder} has no statistics: finish it with the same clipcore run.");
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        return SpanStatistics.Restore(Coordinates, Longs(file["heads"].Rows(((layer - manifest.FirstLayer) * manifest.HeadCount) + head, 1)));
    }

    public void WriteStatistics(SpanStatistics[] statistics, int blocksDone, long[] skipped)
    {
        long[][] saved = [.. statistics.Select(of => of.Save())];
        SafetensorsWriter writer = new();
        writer.Add("blocks_done", [1], (ReadOnlyMemory<long>)new long[] { blocksDone });
        writer.Add("skipped", [skipped.Length], (ReadOnlyMemory<long>)skipped);
        writer.Add("heads", [saved.Length, saved[0].Length], (ReadOnlyMemory<long>)saved.SelectMany(values => values).ToArray());
        writer.Save(StatisticsPath);
    }

    /// <summary>Images that could not be read so far.</summary>
    public long[] ReadSkipped()
    {
        if (!File.Exists(StatisticsPath))
            return [];
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        return Longs(file["skipped"]);
    }

    static float[] Floats(TensorView tensor)
    {
        float[] values = new float[tensor.ElementCount];
        tensor.CopyTo(values);
        return values;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using ClipCore.Files;
using ClipCore.Memory;
using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>
/// A vision tower of a published architecture with random weights, in memory that it owns: for measuring speed where no checkpoint is at hand.
/// The same name gives the same weights everywhere. Architectures: the model configurations of OpenCLIP.
/// </summary>
sealed class RandomCheckpoint : IDisposable
{
    static readonly (string Name, int Patch, int Image, int Width, int Layers, int HeadWidth, int Mlp, int Embed)[] s_architectures =
    [
        ("ViT-B-32", 32, 224, 768, 12, 64, 3072, 512),
        ("ViT-B-16", 16, 224, 768, 12, 64, 3072, 512),
        ("ViT-L-14", 14, 224, 1024, 24, 64, 4096, 768),
        ("ViT-L-14-336", 14, 336, 1024, 24, 64, 4096, 768),
        ("ViT-H-14", 14, 224, 1280, 32, 80, 5120, 1024),
        ("ViT-g-14", 14, 224, 1408, 40, 88, 6144, 1024),
        ("ViT-bigG-14", 14, 224, 1664, 48, 104, 8192, 1280),
    ];

    /// <summary>The file of weights that <see cref="Save"/> writes.</summary>
    public const string WeightsName = "open_clip_model.safetensors";

    readonly NativeBytes _bytes;
    readonly string _config;

    /// <param name="name">Such as <c>ViT-B-16</c>.</param>
    /// <exception cref="CheckpointException">The name is not known.</exception>
    public RandomCheckpoint(string name)
    {
        (string Name, int Patch, int Image, int Width, int Layers, int HeadWidth, int Mlp, int Embed) a =
            s_architectures.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (a.Name == null)
            throw new UnsupportedModelException($"random:{name}", $"is not known; it may be {string.Join(", ", Architectures)}.");
        Name = a.Name;
        string vision = FormattableString.Invariant($$"""
            {"image_size":{{a.Image}},"layers":{{a.Layers}},"width":{{a.Width}},
            "head_width":{{a.HeadWidth}},"mlp_ratio":{{(double)a.Mlp / a.Width:R}},"patch_size":{{a.Patch}}}
            """);
        _config = $$$"""
            {"model_cfg":{"embed_dim":{{{a.Embed}}},"vision_cfg":{{{vision}}},
            "text_cfg":{"context_length":77,"vocab_size":49408,"width":512,"heads":8,"layers":12}},
            "preprocess_cfg":{"mean":[0.48145466,0.4578275,0.40821073],"std":[0.26862954,0.26130258,0.27577711]}}
            """;

        StringBuilder header = new("{");
        List<(long First, long Length, Filling Filling)> tensors = [];
        long offset = 0;
        foreach ((string key, long[] shape, Filling filling) in Tensors(a.Patch, a.Image, a.Width, a.Layers, a.Mlp, a.Embed))
        {
            long count = shape.Aggregate(1L, (product, size) => product * size), end = offset + (count * sizeof(float));
            header.Append(offset == 0 ? "" : ",").Append(FormattableString.Invariant(
                $"\"{key}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{offset},{end}]}}"));
            tensors.Add((offset, end - offset, filling));
            offset = end;
        }
        header.Append('}');
        while (header.Length % sizeof(float) != 0)
            header.Append(' ');
        byte[] text = Encoding.ASCII.GetBytes(header.ToString());
        int start = sizeof(ulong) + text.Length;
        _bytes = new NativeBytes(start + offset);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.Span(0, sizeof(ulong)), (ulong)text.Length);
        text.CopyTo(_bytes.Span(sizeof(ulong), text.Length));
        uint state = 0x9E3779B9;
        foreach ((long first, long length, Filling filling) in tensors)
            Fill(MemoryMarshal.Cast<byte, float>(_bytes.Span(start + first, length)), filling, ref state);
    }

    enum Filling
    {
        Random,
        Zero,
        One,
    }

    /// <summary>The architectures there are.</summary>
    public static IReadOnlyList<string> Architectures { get; } = [.. s_architectures.Select(known => known.Name)];

    /// <summary>The architecture.</summary>
    public string Name { get; }

    /// <summary>Bytes of the file that this would be.</summary>
    public long Length => _bytes.Length;

    /// <summary>OpenCLIP's configuration of it.</summary>
    public ReadOnlySpan<byte> Config => Encoding.UTF8.GetBytes(_config);

    /// <summary>Opens it as a checkpoint; valid until this is disposed.</summary>
    public Checkpoint Open() => Checkpoint.Open(Weights(), Config, null, new CheckpointOptions { Towers = TowerSelection.VisionOnly });

    /// <summary>Writes it as a folder that <see cref="Checkpoint.Open(string, CheckpointOptions?)"/> reads: weights and configuration.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        using SafetensorsFile weights = Weights();
        SafetensorsWriter writer = new();
        foreach ((string name, TensorView tensor) in weights.Tensors)
            writer.Add(name, tensor);
        writer.Save(Path.Combine(folder, WeightsName));
        using OutputFile config = new(Path.Combine(folder, Checkpoint.OpenClipConfigName));
        config.Stream.Write(Config);
        config.Commit();
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    SafetensorsFile Weights() => SafetensorsFile.Open(_bytes.Open(), $"random:{Name}");

    static IEnumerable<(string Key, long[] Shape, Filling Filling)> Tensors(int patch, int image, int width, int layers, int mlp, int embed)
    {
        int grid = image / patch;
        yield return ("visual.class_embedding", [width], Filling.Random);
        yield return ("visual.positional_embedding", [1 + (grid * grid), width], Filling.Random);
        yield return ("visual.conv1.weight", [width, 3, patch, patch], Filling.Random);
        yield return ("visual.proj", [width, embed], Filling.Random);
        foreach (string norm in (string[])["visual.ln_pre", "visual.ln_post"])
        {
            yield return (norm + ".weight", [width], Filling.One);
            yield return (norm + ".bias", [width], Filling.Zero);
        }
        for (int layer = 0; layer < layers; layer++)
        {
            string prefix = FormattableString.Invariant($"visual.transformer.resblocks.{layer}.");
            foreach ((string name, long outputs, long inputs) in ((string, long, long)[])[
                ("attn.in_proj_", 3 * width, width), ("attn.out_proj.", width, width), ("mlp.c_fc.", mlp, width), ("mlp.c_proj.", width, mlp)])
            {
                yield return (prefix + name + "weight", [outputs, inputs], Filling.Random);
                yield return (prefix + name + "bias", [outputs], Filling.Random);
            }
            foreach (string norm in (string[])["ln_1", "ln_2"])
            {
                yield return ($"{prefix}{norm}.weight", [width], Filling.One);
                yield return ($"{prefix}{norm}.bias", [width], Filling.Zero);
            }
        }
    }

    /// <summary>Random values: evenly between −0.035 and 0.035, the spread of trained weights.</summary>
    static void Fill(Span<float> destination, Filling filling, ref uint state)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            destination[i] = filling switch
            {
                Filling.One => 1f,
                Filling.Zero => 0f,
                _ => ((int)state >> 8) * (0.035f / (1 << 23)),
            };
        }
    }
}

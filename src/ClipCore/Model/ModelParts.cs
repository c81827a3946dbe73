using ClipCore.Checkpoints;
using ClipCore.Files;
using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Safetensors;
using ClipCore.Threads;

namespace ClipCore.Model;

/// <summary>The towers of a model, made from a checkpoint: weights packed for the register width, straight from the mapped file.</summary>
sealed unsafe class ModelParts
{
    readonly PackedFormat _format;

    readonly string _source;

    ModelParts(PartOptions options, string source, VisionConfig? vision)
    {
        Isa isa = options.Isa ?? IsaTable.Default;
        int threads = options.Threads ?? ThreadTeam.DefaultSize;
        if (threads is < 1 or > 1024)
            throw new ArgumentException($"{threads} threads were asked for: give a number from 1 to 1024.", nameof(options));
        (_format, _source) = (options.Format, source);
        Kernels = Kernels.For(isa);
        if (options.WrapKernels is { } wrap && vision != null)
            Kernels = wrap(Kernels, vision);
        Team = new ThreadTeam(threads);
    }

    public ThreadTeam Team { get; }

    public Kernels Kernels { get; }

    public VisionTower? Vision { get; private set; }

    public TextTower? Text { get; private set; }

    /// <summary>Bytes of weights in memory.</summary>
    public long ResidentBytes { get; private set; }

    /// <summary>Packs the towers; on failure nothing is left behind.</summary>
    /// <exception cref="CheckpointException">A weight is not finite, or out of the range of the format it is to be kept in.</exception>
    public static ModelParts Create(Checkpoint checkpoint, PartOptions options)
    {
        ModelParts parts = new(options, checkpoint.Source, checkpoint.Config.Vision);
        try
        {
            if (checkpoint.Vision is { } vision)
                parts.Vision = parts.PackVision(vision, checkpoint.Config.Vision!);
            if (checkpoint.Text is { } text)
                parts.Text = parts.PackText(text, checkpoint.Config.Text!);
            return parts;
        }
        catch
        {
            parts.Vision?.Dispose();
            parts.Team.Dispose();
            throw;
        }
    }

    VisionTower PackVision(VisionWeights weights, VisionConfig config)
    {
        AlignedBuffer positions = Floats(weights.PositionEmbedding);
        using AlignedBuffer classEmbedding = Floats(weights.ClassEmbedding);
        for (int j = 0; j < config.Width; j++)
            positions.Data[j] += classEmbedding.Data[j];
        return new VisionTower(
            config.PatchSize, config.GridSize, Pack(weights.PatchEmbedding), positions, Norm(weights.PreNorm), Blocks(weights, config, false),
            Norm(weights.FinalNorm), Projection(weights.Projection))
        {
            ImageSize = config.ImageSize,
        };
    }

    TextTower PackText(TextWeights weights, TextConfig config)
    {
        PackedMatrix projection = Projection(weights.Projection);
        AlignedBuffer bias = weights.Projection.Bias is { } given ? Floats(given) : Count(new AlignedBuffer(Kernels.Padded(projection.Columns)));
        return new TextTower(
            Table(weights.TokenEmbedding), Floats(weights.PositionEmbedding), config.ContextLength, config.EndTokenId,
            Blocks(weights, config, true), Norm(weights.FinalNorm), projection, bias);
    }

    Transformer Blocks(TowerWeights weights, TowerConfig config, bool causal)
    {
        Epilogue activation = config.Activation switch
        {
            Activation.Gelu => Epilogue.BiasGelu,
            Activation.QuickGelu => Epilogue.BiasQuickGelu,
            _ => Epilogue.BiasGeluTanh,
        };
        TransformerShape shape = new(
            config.Width, config.HeadCount, config.LayerCount, config.MlpWidth, activation, config.LayerNormEpsilon, causal);
        BlockParameters[] blocks = new BlockParameters[weights.Blocks.Count];
        for (int i = 0; i < blocks.Length; i++)
        {
            BlockWeights block = weights.Blocks[i];
            blocks[i] = new BlockParameters(
                Norm(block.Norm1), Qkv(block, config.Width), Linear(block.Out), Norm(block.Norm2), Linear(block.Fc1), Linear(block.Fc2));
        }
        return new Transformer(Kernels, shape, blocks);
    }

    LinearParameters Qkv(BlockWeights block, int width)
    {
        PackedMatrix packed = Count(Packing.PackTransposed(
            Team, [Source(block.Query.Weight), Source(block.Key.Weight), Source(block.Value.Weight)],
            Kernels.PanelWidth, _format));
        int step = (width + Kernels.PanelWidth - 1) / Kernels.PanelWidth * Kernels.PanelWidth;
        AlignedBuffer bias = Count(new AlignedBuffer((2L * step) + Kernels.Padded(width)));
        Copy(block.Query.Bias, new Span<float>(bias.Data, width));
        Copy(block.Key.Bias, new Span<float>(bias.Data + step, width));
        Copy(block.Value.Bias, new Span<float>(bias.Data + (2 * step), width));
        return new LinearParameters(packed, bias);
    }

    LinearParameters Linear(LinearWeights weights) => new(Pack(weights.Weight), Floats(weights.Bias));

    NormParameters Norm(NormWeights weights) => new(Floats(weights.Weight), Floats(weights.Bias));

    PackedMatrix Pack(TensorView weight) =>
        Count(Packing.PackTransposed(Team, [Source(weight)], Kernels.PanelWidth, _format));

    PackedMatrix Projection(ProjectionWeights projection) => projection.Transposed
        ? Pack(projection.Weight)
        : Count(Packing.Pack(Team, Source(projection.Weight), Kernels.PanelWidth, _format));

    TensorSource Source(TensorView weight) => new(_source, weight, _format);

    void Copy(TensorView tensor, Span<float> destination) =>
        new TensorSource(_source, tensor.Reshape(1, tensor.ElementCount), PackedFormat.Float).Copy(0, 0, destination);

    /// <summary>All numbers of a tensor, zeros after them up to whole panels.</summary>
    AlignedBuffer Floats(TensorView tensor)
    {
        int length = checked((int)tensor.ElementCount);
        AlignedBuffer buffer = Count(new AlignedBuffer(Kernels.Padded(length)));
        Copy(tensor, new Span<float>(buffer.Data, length));
        return buffer;
    }

    /// <summary>The token embedding in the format of the file, or in the one asked for where that is smaller.</summary>
    EmbeddingTable Table(TensorView tensor)
    {
        int rows = (int)tensor.Shape[0], columns = (int)tensor.Shape[1];
        PackedFormat format = tensor.ElementType switch
        {
            DType.F16 => PackedFormat.Half,
            DType.BF16 => PackedFormat.BFloat16,
            _ => _format,
        };
        EmbeddingTable table = new(rows, columns, format);
        TensorSource source = new(_source, tensor, format);
        float[] row = new float[columns];
        for (int i = 0; i < rows; i++)
        {
            source.Copy(i, 0, row);
            table.SetRow(i, row);
        }
        ResidentBytes += table.ByteCount;
        return table;
    }

    PackedMatrix Count(PackedMatrix matrix)
    {
        ResidentBytes += matrix.ByteCount;
        return matrix;
    }

    AlignedBuffer Count(AlignedBuffer buffer)
    {
        ResidentBytes += buffer.Length * sizeof(float);
        return buffer;
    }
}

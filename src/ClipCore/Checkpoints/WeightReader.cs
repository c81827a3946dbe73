using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>
/// Fetches weights by name and expected shape. Faults are collected, so that one message lists them all; until
/// <see cref="Finish"/> a missing weight is an empty stand-in.
/// </summary>
sealed class WeightReader(IReadOnlyDictionary<string, TensorView> tensors)
{
    static readonly MappedBytes s_nothing = MappedBytes.Over(ReadOnlyMemory<byte>.Empty);

    readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    readonly List<TensorView> _found = [];
    readonly List<string> _missing = [];
    readonly List<string> _mismatched = [];

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<TensorView> Found => _found;

    public VisionWeights Vision(TowerNames names, VisionConfig config, int embedWidth)
    {
        int patch = config.PatchSize;
        return new VisionWeights
        {
            PatchEmbedding = Tensor(names.Patches, config.Width, 3, patch, patch).Reshape(config.Width, 3 * patch * patch),
            ClassEmbedding = Tensor(names.Embedding, config.Width),
            PreNorm = Norm(names.PreNorm, config.Width),
            PositionEmbedding = Tensor(names.Position, config.TokenCount, config.Width),
            Blocks = Blocks(names, config),
            FinalNorm = Norm(names.FinalNorm, config.Width),
            Projection = Projection(names.Projection, config.Width, embedWidth),
        };
    }

    public TextWeights Text(TowerNames names, TextConfig config, int embedWidth) => new()
    {
        TokenEmbedding = Tensor(names.Embedding, config.VocabularySize, config.Width),
        PositionEmbedding = Tensor(names.Position, config.ContextLength, config.Width),
        Blocks = Blocks(names, config),
        FinalNorm = Norm(names.FinalNorm, config.Width),
        Projection = Projection(names.Projection, config.Width, embedWidth),
    };

    /// <summary>One number, stored as [] or [1]; null when it is not there and need not be.</summary>
    public float? Scalar(string name, bool required)
    {
        if (!required && !tensors.ContainsKey(name))
            return null;
        int found = _found.Count;
        TensorView tensor = tensors.TryGetValue(name, out TensorView? stored) && stored.Shape.Length == 1 ? Tensor(name, 1) : Tensor(name);
        return _found.Count > found ? tensor.ToSingles()[0] : null;
    }

    /// <summary>Complains about everything at once.</summary>
    /// <param name="source">The file or folder, for the message.</param>
    /// <param name="isExpected">Whether a name that was not read is no surprise.</param>
    /// <exception cref="WeightsMismatchException">Something is missing, unexpected or wrong.</exception>
    public void Finish(string source, Func<string, bool> isExpected)
    {
        List<string> unexpected = [.. tensors.Keys.Where(name => !_asked.Contains(name) && !isExpected(name)).Order(StringComparer.Ordinal)];
        if (_missing.Count + unexpected.Count + _mismatched.Count > 0)
            throw new WeightsMismatchException(source, _missing, unexpected, _mismatched);
    }

    BlockWeights[] Blocks(TowerNames names, TowerConfig config)
    {
        BlockWeights[] blocks = new BlockWeights[config.LayerCount];
        for (int layer = 0; layer < blocks.Length; layer++)
        {
            string prefix = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{names.Layers}{layer}.");
            blocks[layer] = Block(prefix, names.Block, config.Width, config.MlpWidth);
        }
        return blocks;
    }

    BlockWeights Block(string prefix, BlockNames names, int width, int mlpWidth)
    {
        LinearWeights query, key, value;
        if (names.FusedQkv is string fused)
        {
            TensorView weight = Tensor($"{prefix}{fused}weight", 3 * width, width), bias = Tensor($"{prefix}{fused}bias", 3 * width);
            query = new LinearWeights(weight.Rows(0, width), bias.Rows(0, width));
            key = new LinearWeights(weight.Rows(width, width), bias.Rows(width, width));
            value = new LinearWeights(weight.Rows(2 * width, width), bias.Rows(2 * width, width));
        }
        else
        {
            query = Linear(prefix + names.Query, width, width);
            key = Linear(prefix + names.Key, width, width);
            value = Linear(prefix + names.Value, width, width);
        }
        return new BlockWeights(Norm(prefix + names.Norm1, width), query, key, value, Linear(prefix + names.Out, width, width),
            Norm(prefix + names.Norm2, width), Linear(prefix + names.Fc1, mlpWidth, width), Linear(prefix + names.Fc2, width, mlpWidth));
    }

    LinearWeights Linear(string name, int outputs, int inputs) => new(Tensor(name + ".weight", outputs, inputs), Tensor(name + ".bias", outputs));

    NormWeights Norm(string name, int width) => new(Tensor(name + ".weight", width), Tensor(name + ".bias", width));

    // A matrix of its own multiplies from the right; a linear layer stores the transpose and may have a bias.
    ProjectionWeights Projection(string name, int width, int embedWidth)
    {
        string linear = name + ".weight", bias = name + ".bias";
        return tensors.ContainsKey(linear) || !tensors.ContainsKey(name)
            ? new ProjectionWeights(Tensor(linear, embedWidth, width), true, tensors.ContainsKey(bias) ? Tensor(bias, embedWidth) : null)
            : new ProjectionWeights(Tensor(name, width, embedWidth), false, null);
    }

    TensorView Tensor(string name, params ReadOnlySpan<long> shape)
    {
        _asked.Add(name);
        if (!tensors.TryGetValue(name, out TensorView? tensor))
            _missing.Add(name);
        else if (!tensor.Shape.SequenceEqual(shape))
            _mismatched.Add($"{name} is {tensor.DescribeShape()}, not [{string.Join(", ", shape.ToArray())}]");
        else if (!tensor.ElementType.IsFloat())
            _mismatched.Add($"{name} is of type {tensor.ElementType.Name()}, not F32, F16, BF16 or F64");
        else
        {
            _found.Add(tensor);
            return tensor;
        }
        return new TensorView(s_nothing, name, DType.F32, shape.ToArray(), 0);
    }
}

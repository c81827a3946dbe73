using ClipCore.Checkpoints;
using ClipCore.Numerics;
using ClipCore.Safetensors;

namespace ClipCore.Peers;

/// <summary>CLIP's vision transformer as an ONNX graph over the weights of a safetensors file.</summary>
sealed class VisionGraph
{
    readonly OnnxGraph _graph = new();
    readonly SafetensorsFile _weights;
    readonly VisionConfig _config;
    readonly string _file;
    readonly long _batch;
    readonly AttentionSpelling _attention;

    VisionGraph(SafetensorsFile weights, string file, VisionConfig config, int batch, AttentionSpelling attention) =>
        (_weights, _file, _config, _batch, _attention) = (weights, file, config, batch, attention);

    /// <summary>Name of the graph's input. [batch, 3, size, size]</summary>
    public const string Pixels = "pixels";

    /// <summary>Name of the graph's output, not normalised. [batch, e]</summary>
    public const string Representation = "representation";

    /// <summary>Writes the graph beside the weights.</summary>
    /// <param name="folder">The folder with the weights.</param>
    /// <param name="path">The ONNX file, in the same folder.</param>
    /// <param name="config">Sizes of the tower.</param>
    /// <param name="embedWidth">e.</param>
    /// <param name="batch">Images of a pass: fixed, so that the runtime can plan its memory.</param>
    /// <param name="attention">How attention is spelt.</param>
    public static void Save(string folder, string path, VisionConfig config, int embedWidth, int batch, AttentionSpelling attention)
    {
        using SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(folder, RandomCheckpoint.WeightsName));
        VisionGraph graph = new(weights, RandomCheckpoint.WeightsName, config, batch, attention);
        graph.Build(embedWidth);
        graph._graph.Save(path);
    }

    long Width => _config.Width;

    long Tokens => _config.TokenCount;

    void Build(int embedWidth)
    {
        _graph.Input(Pixels, _batch, 3, _config.ImageSize, _config.ImageSize);
        long patch = _config.PatchSize;
        string x = _graph.Add("Conv", [Pixels, Weight("visual.conv1.weight", Width, 3, patch, patch)],
            OnnxGraph.Attribute.Of("kernel_shape", patch, patch), OnnxGraph.Attribute.Of("strides", patch, patch));
        x = _graph.Add("Reshape", [x, _graph.Constant(_batch, Width, Tokens - 1)]);
        x = _graph.Add("Transpose", [x], OnnxGraph.Attribute.Of("perm", 0, 2, 1));
        string token = _graph.Add("Expand", [Weight("visual.class_embedding", 1, 1, Width), _graph.Constant(_batch, 1, Width)]);
        x = _graph.Add("Concat", [token, x], OnnxGraph.Attribute.Of("axis", 1));
        x = _graph.Add("Add", [x, Weight("visual.positional_embedding", Tokens, Width)]);
        x = Norm(x, "visual.ln_pre");
        for (int layer = 0; layer < _config.LayerCount; layer++)
            x = Block(x, FormattableString.Invariant($"visual.transformer.resblocks.{layer}."));
        x = _graph.Add("Gather", [x, _graph.Constant(0)], OnnxGraph.Attribute.Of("axis", 1));
        x = _graph.Add("Reshape", [x, _graph.Constant(_batch, Width)]);
        x = _graph.Add("MatMul", [Norm(x, "visual.ln_post"), Weight("visual.proj", Width, embedWidth)]);
        _graph.Output(x, Representation, _batch, embedWidth);
    }

    string Block(string x, string prefix)
    {
        string qkv = Linear(Norm(x, prefix + "ln_1"), prefix + "attn.in_proj_", 3 * Width, Width);
        string[] parts = _graph.Add("", "Split", [qkv, _graph.Constant(Width, Width, Width)], 3, OnnxGraph.Attribute.Of("axis", 2));
        string z = _attention == AttentionSpelling.Fused
            ? _graph.Add("com.microsoft", "MultiHeadAttention", parts, 1, OnnxGraph.Attribute.Of("num_heads", _config.HeadCount))[0]
            : Attention(parts[0], parts[1], parts[2]);
        x = _graph.Add("Add", [x, Linear(z, prefix + "attn.out_proj.", Width, Width)]);
        string hidden = Linear(Norm(x, prefix + "ln_2"), prefix + "mlp.c_fc.", _config.MlpWidth, Width);
        hidden = _graph.Add("Gelu", [hidden]);
        return _graph.Add("Add", [x, Linear(hidden, prefix + "mlp.c_proj.", Width, _config.MlpWidth)]);
    }

    string Attention(string q, string k, string v)
    {
        string scale = _graph.Constant(1f / MathF.Sqrt(_config.Width / (float)_config.HeadCount));
        string scores = _graph.Add("MatMul", [_graph.Add("Mul", [Heads(q, 0, 2, 1, 3), scale]), Heads(k, 0, 2, 3, 1)]);
        string patterns = _graph.Add("Softmax", [scores], OnnxGraph.Attribute.Of("axis", -1));
        string z = _graph.Add("Transpose", [_graph.Add("MatMul", [patterns, Heads(v, 0, 2, 1, 3)])], OnnxGraph.Attribute.Of("perm", 0, 2, 1, 3));
        return _graph.Add("Reshape", [z, _graph.Constant(_batch, Tokens, Width)]);
    }

    string Heads(string x, params long[] order)
    {
        string split = _graph.Add("Reshape", [x, _graph.Constant(_batch, Tokens, _config.HeadCount, Width / _config.HeadCount)]);
        return _graph.Add("Transpose", [split], OnnxGraph.Attribute.Of("perm", order));
    }

    string Norm(string x, string name) => _graph.Add(
        "LayerNormalization", [x, Weight(name + ".weight", Width), Weight(name + ".bias", Width)],
        OnnxGraph.Attribute.Of("axis", -1), OnnxGraph.Attribute.Of("epsilon", _config.LayerNormEpsilon));

    /// <summary>x Wᵀ + b. The runtime transposes the constant once, when it loads the graph.</summary>
    string Linear(string x, string name, long outputs, long inputs)
    {
        string transposed = _graph.Add("Transpose", [Weight(name + "weight", outputs, inputs)], OnnxGraph.Attribute.Of("perm", 1, 0));
        return _graph.Add("Add", [_graph.Add("MatMul", [x, transposed]), Weight(name + "bias", outputs)]);
    }

    string Weight(string name, params long[] shape) => _graph.Weights(_file, _weights[name].Offset, shape);
}

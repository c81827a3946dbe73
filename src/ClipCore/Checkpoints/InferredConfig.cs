using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>The architecture read off the shapes of the weights, for a checkpoint without a configuration.</summary>
static class InferredConfig
{
    /// <summary>Vision towers whose heads are not 64 wide: H/14 (80), g/14 (88) and bigG/14 (104), all with 16 heads.</summary>
    static readonly (int Width, int HeadCount)[] s_otherHeads = [(1280, 16), (1408, 16), (1664, 16)];

    /// <exception cref="ConfigException">The shapes are of no CLIP, or the heads can't be told.</exception>
    public static ConfigReading Read(string source, WeightNames names, IReadOnlyDictionary<string, TensorView> tensors, Activation activation)
    {
        Shapes shapes = new(source, tensors);
        VisionConfig? vision = null;
        int embedWidth = 0;
        if (tensors.ContainsKey(names.Vision.Patches))
        {
            (int width, _, _, int patch) = shapes.Convolution(names.Vision.Patches);
            int tokens = shapes.Length(names.Vision.Position, 0), grid = (int)Math.Sqrt(tokens - 1);
            if (1 + grid * grid != tokens)
                throw new ConfigException(source, $"can't infer the picture's size: '{names.Vision.Position}' has {tokens} rows, "
                    + "which is not one more than a square. Add the configuration file.");
            vision = new VisionConfig
            {
                ImageSize = (int)Math.Min((long)grid * patch, int.MaxValue),
                PatchSize = patch,
                Width = width,
                LayerCount = shapes.LayerCount(names.Vision),
                HeadCount = HeadCount(source, width, isVision: true),
                MlpWidth = shapes.Length($"{names.Vision.Layers}0.{names.Vision.Block.Fc1}.weight", 0),
                Activation = activation,
            };
            embedWidth = shapes.EmbedWidth(names.Vision.Projection);
        }
        TextConfig? text = null;
        if (tensors.ContainsKey(names.Text.Embedding))
        {
            int width = shapes.Length(names.Text.Embedding, 1);
            text = new TextConfig
            {
                ContextLength = shapes.Length(names.Text.Position, 0),
                VocabularySize = shapes.Length(names.Text.Embedding, 0),
                Width = width,
                LayerCount = shapes.LayerCount(names.Text),
                HeadCount = HeadCount(source, width, isVision: false),
                MlpWidth = shapes.Length($"{names.Text.Layers}0.{names.Text.Block.Fc1}.weight", 0),
                Activation = activation,
            };
            embedWidth = shapes.EmbedWidth(names.Text.Projection);
        }
        ClipConfig config = new() { EmbedWidth = embedWidth, Vision = vision, Text = text };
        config.Check(source);
        return new ConfigReading(config, [],
            ["no configuration file: sizes are inferred from the weights, heads by CLIP's rule (64 wide but in H/14, g/14 and bigG/14)"])
        {
            PreprocessFault = "there is no configuration file",
        };
    }

    static int HeadCount(string source, int width, bool isVision)
    {
        if (isVision)
            foreach ((int known, int heads) in s_otherHeads)
                if (known == width)
                    return heads;
        return width % 64 == 0 && width > 0 ? width / 64
            : throw new ConfigException(source, $"can't infer the heads of a tower of width {width}, which is no multiple of 64. Add the configuration file.");
    }

    /// <summary>Looks at shapes and says which one is not as it must be.</summary>
    readonly struct Shapes(string source, IReadOnlyDictionary<string, TensorView> tensors)
    {
        public int Length(string name, int dimension)
        {
            if (!tensors.TryGetValue(name, out TensorView? tensor))
                throw new ConfigException(source, $"can't infer the architecture: the weight '{name}' is missing.");
            return tensor.Shape.Length > dimension && tensor.Shape[dimension] is > 0 and <= 1 << 24 ? (int)tensor.Shape[dimension]
                : throw new ConfigException(source, $"can't infer the architecture: the weight '{name}' has the shape {tensor.DescribeShape()}.");
        }

        public (int, int, int, int) Convolution(string name) => (Length(name, 0), Length(name, 1), Length(name, 2), Length(name, 3));

        public int LayerCount(TowerNames names)
        {
            int count = 0;
            while (tensors.ContainsKey(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{names.Layers}{count}.{names.Block.Norm1}.weight")))
                count++;
            return count;
        }

        public int EmbedWidth(string projection) => tensors.ContainsKey(projection) ? Length(projection, 1) : Length(projection + ".weight", 0);
    }
}

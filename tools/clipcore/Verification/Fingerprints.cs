using System.Runtime.InteropServices;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Cli.Report;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Reports.Pictures;
using ClipCore.Segmentation;
using ClipCore.TextSpan;

namespace ClipCore.Cli.Verification;

/// <summary>SHA-256 of what a model computes from <see cref="MadeInput"/>, stage by stage in the order of the computation.</summary>
/// <param name="Sha256">SHA-256 of the model's weights.</param>
/// <param name="Stages">Name and hash of every stage.</param>
sealed record Fingerprints(string Sha256, IReadOnlyList<KeyValuePair<string, string>> Stages)
{
    const int Version = 1;

    /// <summary>Computes them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">Images of a pass; part of what must not matter.</param>
    public static Fingerprints Of(ClipModel model, int batch)
    {
        StageHashes stages = new();
        float[] pixels = Pictures(model, stages);
        float[] texts = Texts(model, stages);
        Images(model, pixels, batch, stages);
        if (texts.Length > 0)
            Effects(model, pixels, texts, batch, stages);
        return new Fingerprints(model.Checkpoint.Sha256, stages.Finish());
    }

    /// <summary>The first stage that is not the same; null where all are.</summary>
    public string? FirstDifference(Fingerprints other)
    {
        Dictionary<string, string> theirs = new(other.Stages);
        foreach ((string name, string hash) in Stages)
            if (!theirs.TryGetValue(name, out string? found) || found != hash)
                return name;
        return other.Stages.Count > Stages.Count ? "the number of stages" : null;
    }

    /// <summary>Writes them as JSON.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("model", Sha256);
        json.WriteStartObject("stages");
        foreach ((string name, string hash) in Stages)
            json.WriteString(name, hash);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="name">The file, for messages.</param>
    public static Fingerprints Read(byte[] json, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.GetProperty("version").GetInt32() != Version)
                throw new UserException($"{name} was written by another version: make it anew with clipcore verify.");
            return new Fingerprints(
                root.GetProperty("model").GetString()!,
                [.. root.GetProperty("stages").EnumerateObject().Select(stage => KeyValuePair.Create(stage.Name, stage.Value.GetString()!))]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UserException($"{name} holds no fingerprints ({exception.Message}): make it with clipcore verify --out FILE.");
        }
    }

    static float[] Pictures(ClipModel model, StageHashes stages)
    {
        stages.Add("picture: JPEG decoded", ImageDecoder.Decode(DemoModel.Read("rocket-at-night.jpg")).Pixels);
        ImagePreprocessor preprocessor = model.Preprocessor;
        float[] pixels = new float[MadeInput.PictureCount * preprocessor.PixelCount];
        for (int i = 0; i < MadeInput.PictureCount; i++)
        {
            DecodedImage made = MadeInput.Picture(i, preprocessor.Config.Size);
            DecodedImage decoded = ImageDecoder.Decode(PngWriter.Encode(made.Pixels, made.Width, made.Height));
            stages.Add("picture: PNG decoded", decoded.Pixels);
            byte[] rgb = preprocessor.Prepare(decoded).Rgb;
            stages.Add("picture: resized", rgb);
            preprocessor.Normalize(rgb, pixels.AsSpan(i * preprocessor.PixelCount, preprocessor.PixelCount));
        }
        stages.Add("pixels", pixels);
        return pixels;
    }

    static float[] Texts(ClipModel model, StageHashes stages)
    {
        if (model.Config.Text is not { } text)
            return [];
        int[][] ids = model.Tokenizer is { } tokenizer
            ? [.. MadeInput.Texts.Select(made => tokenizer.Encode(made, text.ContextLength))]
            : MadeInput.Ids(text.VocabularySize, text.ContextLength);
        foreach (int[] row in ids)
            stages.Add("tokens", MemoryMarshal.AsBytes(row.AsSpan()));
        float[] representations = new float[ids.Length * model.EmbedWidth];
        model.EncodeTokens(ids, representations);
        stages.Add("text representations", representations);
        return representations;
    }

    static void Images(ClipModel model, float[] pixels, int batch, StageHashes stages)
    {
        ForEachBatch(model, pixels, batch, part =>
        {
            ResidualProbe probe = new((layer, row) => stages.Add(StageName(layer, model.Config.Vision!.LayerCount), row));
            model.Watch(part, ref probe);
        });
        stages.Close();
        float[] representations = new float[MadeInput.PictureCount * model.EmbedWidth];
        int at = 0;
        ForEachBatch(model, pixels, batch, part =>
        {
            int count = part.Length / model.PixelCount;
            model.EncodeImages(part, representations.AsSpan(at, count * model.EmbedWidth));
            at += count * model.EmbedWidth;
        });
        stages.Add("image representations", representations);
    }

    static string StageName(int layer, int layers) =>
        layer == 0 ? "residual stream before layer 0" : layer == layers ? $"class token after layer {layer - 1}" : $"residual stream after layer {layer - 1}";

    static void Effects(ClipModel model, float[] pixels, float[] texts, int batch, StageHashes stages)
    {
        using EffectDirections directions = model.CreateDirections(texts);
        (string Name, DecomposeOptions Options)[] kinds =
        [
            ("effects of layers", new DecomposeOptions { Level = EffectLevel.Layer }),
            ("effects of heads", new DecomposeOptions { Level = EffectLevel.Head }),
            ("effects of heads, centred", new DecomposeOptions { Level = EffectLevel.Head, MeanShare = MeanShare.Own }),
            ("effects of heads and patches on texts", new DecomposeOptions { Level = EffectLevel.Patch, Directions = directions }),
        ];
        foreach ((string name, DecomposeOptions options) in kinds)
        {
            // Each batch's attention and MLP arrays lie one after the other: gathered apart, they are those of one large batch.
            List<float> attention = [], mlps = [];
            ForEachBatch(model, pixels, batch, part =>
            {
                DirectEffects effects = model.Decompose(part, options);
                attention.AddRange(effects.AttentionValues);
                mlps.AddRange(effects.MlpValues);
            });
            stages.Add(name, CollectionsMarshal.AsSpan(attention));
            stages.Add(name, CollectionsMarshal.AsSpan(mlps));
        }
        Experiments(model, pixels, texts, batch, stages);
        float[] first = model.EncodeImage(pixels.AsSpan(0, model.PixelCount));
        stages.Add("probabilities", model.Probabilities(first, texts));

        DirectEffects patches = model.Decompose(pixels.AsSpan(0, model.PixelCount), kinds[^1].Options);
        int side = model.Config.Vision!.ImageSize / model.Config.Vision.PatchSize;
        float[] map = new float[side * side];
        for (int patch = 0; patch < map.Length; patch++)
            map[patch] = Explanation.Contrast(patches.Patch(patches.LayerCount - 1, 0, patch + 1), 0);
        HeatmapMask mask = HeatmapMask.FromPatches(map, side, side, model.Config.Vision.PatchSize);
        stages.Add("mask", mask.Values);
        stages.Add("mask", MemoryMarshal.AsBytes(mask.Foreground.AsSpan()));
        Canvas canvas = new(128, 128, Rgb.White);
        new Heatmap(map, side, side, Heatmap.ScaleOf(map)).DrawOver(canvas, 0, 0, 128);
        stages.Add("picture: heatmap", canvas.Pixels);
    }

    /// <summary>Statistics of the last layer's first head over the pictures, and the texts that span them.</summary>
    static void Experiments(ClipModel model, float[] pixels, float[] texts, int batch, StageHashes stages)
    {
        SpanStatistics statistics = new(model.EmbedWidth);
        ForEachBatch(model, pixels, batch, part =>
        {
            DirectEffects effects = model.Decompose(part, new DecomposeOptions { Level = EffectLevel.Head });
            for (int image = 0; image < effects.ImageCount; image++)
                statistics.Add(effects.Head(effects.LayerCount - 1, 0, image));
        });
        stages.Add("statistics", MemoryMarshal.AsBytes(statistics.Mean().AsSpan()));
        stages.Add("statistics", MemoryMarshal.AsBytes(statistics.SecondMoment().AsSpan()));
        TextSpanResult span = TextSpanSearch.Run(statistics, texts, MadeInput.Texts.Length);
        stages.Add("TEXTSPAN", MemoryMarshal.AsBytes(span.Indices.AsSpan()));
        stages.Add("TEXTSPAN", MemoryMarshal.AsBytes(span.ExplainedVariance.AsSpan()));
        stages.Add("TEXTSPAN", MemoryMarshal.AsBytes(span.Directions.AsSpan()));
    }

    delegate void BatchAction(ReadOnlySpan<float> pixels);

    static void ForEachBatch(ClipModel model, float[] pixels, int batch, BatchAction body)
    {
        for (int first = 0; first < MadeInput.PictureCount; first += batch)
            body(pixels.AsSpan(first * model.PixelCount, Math.Min(batch, MadeInput.PictureCount - first) * model.PixelCount));
    }

    /// <summary>Hashes that grow stage by stage; what is added under one name is one stage.</summary>
    sealed class StageHashes
    {
        readonly List<string> _order = [];
        readonly Dictionary<string, Sha256> _open = [];
        readonly List<KeyValuePair<string, string>> _closed = [];

        public void Add(string name, ReadOnlySpan<float> values) => Add(name, MemoryMarshal.AsBytes(values));

        public void Add(string name, ReadOnlySpan<byte> bytes)
        {
            if (!_open.TryGetValue(name, out Sha256? hash))
            {
                _open[name] = hash = new Sha256();
                _order.Add(name);
            }
            hash.Append(bytes);
        }

        /// <summary>Ends all stages so far.</summary>
        public void Close()
        {
            foreach (string name in _order)
            {
                _closed.Add(KeyValuePair.Create(name, _open[name].Finish()));
                _open[name].Dispose();
            }
            _order.Clear();
            _open.Clear();
        }

        public IReadOnlyList<KeyValuePair<string, string>> Finish()
        {
            Close();
            return _closed;
        }
    }
}

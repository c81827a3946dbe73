using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Explanation;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Model;
using ClipCore.Segmentation;
using ClipCore.TextSpan;

namespace ClipCore.Verification;

/// <summary>
/// SHA-256 of what a model computes from pictures and texts that every machine makes alike, stage by stage in the order of the computation. Equal
/// fingerprints say that two machines, register widths, thread counts or batch sizes give the same bits. Immutable, and so safe for many threads.
/// </summary>
/// <param name="ModelSha256">SHA-256 of the model's weights, in hexadecimal.</param>
/// <param name="Stages">Name and hash of every stage.</param>
public sealed record Fingerprints(string ModelSha256, IReadOnlyList<KeyValuePair<string, string>> Stages)
{
    const int Version = 1, HeatmapSize = 128;

    static readonly JsonWriterOptions s_format = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Computes them.</summary>
    /// <param name="model">A model with a vision tower.</param>
    /// <param name="batch">Images of a pass, at least 1; part of what must not matter.</param>
    /// <param name="extras">Further stages; those who compare must give the same. Null for none.</param>
    /// <exception cref="ArgumentException">The model has no vision tower, or <paramref name="batch"/> is below 1.</exception>
    /// <exception cref="ImageException">The picture of <paramref name="extras"/> can't be read.</exception>
    public static Fingerprints Of(ClipModel model, int batch = 1, FingerprintExtras? extras = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (!model.HasVision)
            throw new ArgumentException($"{model.Checkpoint.Path} has no vision tower to verify.");
        using StageHashes stages = new();
        if (extras?.Jpeg is { } jpeg)
            stages.Add("picture: JPEG decoded", ImageDecoder.Decode(jpeg.ToArray()).Pixels);
        float[] pixels = Pictures(model, stages);
        float[] texts = Texts(model, stages);
        Images(model, pixels, batch, stages);
        if (texts.Length > 0)
            Effects(model, pixels, texts, batch, extras?.DrawHeatmap, stages);
        return new Fingerprints(model.Checkpoint.Sha256, stages.Finish());
    }

    /// <summary>The first stage that is not the same; null where all are.</summary>
    /// <param name="other">Fingerprints of another run.</param>
    public string? FirstDifference(Fingerprints other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Dictionary<string, string> theirs = new(other.Stages);
        foreach ((string name, string hash) in Stages)
            if (!theirs.TryGetValue(name, out string? found) || found != hash)
                return name;
        return other.Stages.Count > Stages.Count ? "the number of stages" : null;
    }

    /// <summary>Writes them as a JSON object.</summary>
    /// <param name="json">Where to.</param>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("model", ModelSha256);
        json.WriteStartObject("stages");
        foreach ((string name, string hash) in Stages)
            json.WriteString(name, hash);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes them as a file, whole or not at all.</summary>
    /// <param name="path">Where to.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path)
    {
        using OutputFile file = new(path);
        using (Utf8JsonWriter json = new(file.Stream, s_format))
            Write(json);
        file.Stream.WriteByte((byte)'\n');
        file.Commit();
    }

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It holds no fingerprints, or those of another version.</exception>
    /// <exception cref="IOException">It is missing or unreadable.</exception>
    public static Fingerprints Load(string path) => Read(File.ReadAllBytes(path), path);

    /// <summary>Reads the bytes of a file that <see cref="Save"/> wrote.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="name">Where they came from, for messages.</param>
    /// <exception cref="InvalidDataException">They are no fingerprints, or those of another version.</exception>
    public static Fingerprints Read(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            JsonElement root = JsonText.Parse(json.Span);
            if (root.GetProperty("version").GetInt32() is int version && version != Version)
                throw new InvalidDataException($"{name} holds fingerprints of version {version}, but these are of version {Version}: make the file anew.");
            return new Fingerprints(
                Hash(root.GetProperty("model")),
                [.. root.GetProperty("stages").EnumerateObject().Select(stage => KeyValuePair.Create(stage.Name, Hash(stage.Value)))]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"{name} holds no fingerprints ({exception.Message}): make the file anew.", exception);
        }
    }

    static string Hash(JsonElement element) => element.GetString() ?? throw new FormatException("null stands where a hash is needed");

    static float[] Pictures(ClipModel model, StageHashes stages)
    {
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
            ResidualProbe probe = new((layer, row) => stages.Add(StageName(layer, model.VisionConfig.LayerCount), row));
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
        layer == 0 ? "residual stream before layer 0"
            : layer == layers ? $"class token after layer {layer - 1}" : $"residual stream after layer {layer - 1}";

    static void Effects(ClipModel model, float[] pixels, float[] texts, int batch, HeatmapDrawing? drawHeatmap, StageHashes stages)
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
        int side = model.VisionConfig.GridSize;
        float[] map = new float[side * side];
        for (int patch = 0; patch < map.Length; patch++)
            map[patch] = ImageExplanation.Contrast(patches.Patch(patches.LayerCount - 1, 0, patch + 1), 0);
        HeatmapMask mask = HeatmapMask.FromPatches(map, side, side, model.VisionConfig.PatchSize);
        stages.Add("mask", mask.Values);
        stages.Add("mask", MemoryMarshal.AsBytes(mask.Foreground.AsSpan()));
        if (drawHeatmap != null)
            stages.Add("picture: heatmap", drawHeatmap(map, side, HeatmapSize));
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
}

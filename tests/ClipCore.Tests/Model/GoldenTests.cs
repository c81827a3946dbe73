using System.Numerics.Tensors;
using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Npy;
using ClipCore.Numerics;

namespace ClipCore.Tests.Model;

/// <summary>The engine against what the paper's own code computed in double precision.</summary>
[TestFixtureSource(typeof(GoldenModel), nameof(GoldenModel.All))]
sealed class GoldenTests(GoldenModel golden)
{
    ClipModel _model = null!;
    NpyArray<float> _pixels = null!;

    [OneTimeSetUp]
    public void Load()
    {
        _model = golden.Load();
        _pixels = golden.Array("pixels");
    }

    [OneTimeTearDown]
    public void Dispose() => _model.Dispose();

    [Test]
    public void EncodeImages_EqualsReference()
    {
        golden.AssertNear(Values(_model.EncodeImages(_pixels.Data, normalize: false)), "image_embed");
        golden.AssertNear(Values(_model.EncodeImages(_pixels.Data)), "image_embed_normalized");
    }

    [Test]
    public void EncodeTokens_EqualsReference()
    {
        golden.AssertNear(EncodeTokens(normalize: false), "text_embed");
        golden.AssertNear(EncodeTokens(normalize: true), "text_embed_normalized");
    }

    [Test]
    public void Logits_EqualReference()
    {
        float[] images = Values(_model.EncodeImages(_pixels.Data)), texts = EncodeTokens(normalize: true);
        int e = _model.EmbedWidth;
        float[] logits = [.. from i in Enumerable.Range(0, images.Length / e)
                             from t in Enumerable.Range(0, texts.Length / e)
                             select _model.LogitScale * Dot(images.AsSpan(i * e, e), texts.AsSpan(t * e, e))];
        golden.AssertNear(logits, "logits");
    }

    [Test]
    public void Decompose_ByPatch_EqualsReference()
    {
        DirectEffects effects = _model.Decompose(_pixels.Data, new DecomposeOptions { Level = EffectLevel.Patch });
        // The reference's axes are [b, l, n, h, d], as ours.
        golden.AssertNear(Values(effects.Attention), "prs_attn_spatial");
        golden.AssertNear(Values(effects.Mlps), "prs_mlp_spatial");
    }

    [Test]
    public void Decompose_ByHead_EqualsReference()
    {
        DirectEffects effects = _model.Decompose(_pixels.Data);
        golden.AssertNear(Values(effects.Attention), "prs_attn_heads");
        golden.AssertNear(Values(effects.Mlps), "prs_mlp_heads");
        golden.AssertNear(Values(effects.Representation), "image_embed_normalized");
    }

    [Test]
    public void Decompose_ByLayer_IsSumOfHeads()
    {
        DirectEffects heads = _model.Decompose(_pixels.Data);
        DirectEffects layers = _model.Decompose(_pixels.Data, new DecomposeOptions { Level = EffectLevel.Layer });
        float[] sums = new float[layers.Columns];
        for (int image = 0; image < layers.ImageCount; image++)
            for (int layer = 0; layer < layers.LayerCount; layer++)
            {
                sums.AsSpan().Clear();
                for (int head = 0; head < heads.HeadCount; head++)
                    TensorPrimitives.Add(sums, heads.Head(layer, head, image), sums);
                GoldenModel.AssertNear(layers.Layer(layer, image), sums, golden.Tolerance("prs_attn_heads"), $"layer {layer}");
            }
    }

    [Test]
    public void Decompose_SumOfParts_IsTheRepresentation([Values] EffectLevel level, [Values] MeanShare share)
    {
        DirectEffects effects = _model.Decompose(_pixels.Data, new DecomposeOptions { Level = level, MeanShare = share });
        Assert.That(effects.Completeness.ToArray(), Is.All.LessThanOrEqualTo(1e-6f));
    }

    [Test]
    public void Decompose_OnDirections_EqualsProjectedVectors([Values] EffectLevel level, [Values] MeanShare share)
    {
        float[] texts = EncodeTokens(normalize: true);
        int e = _model.EmbedWidth;
        using EffectDirections directions = _model.CreateDirections(texts);
        DecomposeOptions options = new() { Level = level, MeanShare = share };
        DirectEffects vectors = _model.Decompose(_pixels.Data, options);
        DirectEffects projected = _model.Decompose(_pixels.Data, options with { Directions = directions });

        Assert.That(projected.Completeness.ToArray(), Is.All.LessThanOrEqualTo(1e-6f));
        Assert.That(Values(projected.Attention), Has.Length.EqualTo(vectors.AttentionValues.Length / e * directions.Count));
        GoldenModel.AssertNear(projected.AttentionValues, Project(vectors.AttentionValues, texts), 4 * golden.Tolerance("prs_attn_heads"), "attention");
        GoldenModel.AssertNear(projected.MlpValues, Project(vectors.MlpValues, texts), 4 * golden.Tolerance("prs_mlp_heads"), "MLPs");
    }

    [Test]
    public void Decompose_WithOwnMeans_CentresEveryComponent()
    {
        // Between the conventions, a block's effects move along one direction only, the projection of the last norm's gains, by its share of the mean that the
        // norm subtracts (one of 2 L + 1 equal ones, for attention and MLP each) less the mean of what the block itself writes, which the golden residual
        // stream tells.
        DirectEffects even = _model.Decompose(_pixels.Data), own = _model.Decompose(_pixels.Data, new DecomposeOptions { MeanShare = MeanShare.Own });
        Assert.That(own.RepresentationValues, Is.EqualTo(even.RepresentationValues));
        using Checkpoint checkpoint = Checkpoint.Open(golden.Folder);
        double[] direction = ProjectedGains(checkpoint);
        NpyArray<float> residual = golden.Array("resid");
        (int layers, int tokens, int width, int e) = (even.LayerCount, residual.Shape[2], residual.Shape[3], _model.EmbedWidth);
        float[] unnormalized = golden.Array("image_embed").Data;
        double tolerance = 4 * (even.HeadCount + 1) * golden.Tolerance("prs_attn_heads"), largest = 0;
        for (int image = 0; image < even.ImageCount; image++)
        {
            float[] ClassToken(int layer) => residual.Data.AsSpan(((image * (layers + 1)) + layer) * tokens * width, width).ToArray();
            double[] last = [.. ClassToken(layers).Select(value => (double)value)];
            double mean = last.Average(), norm = Math.Sqrt(unnormalized.AsSpan(image * e, e).ToArray().Sum(value => (double)value * value));
            double deviation = Math.Sqrt(last.Average(value => (value - mean) * (value - mean)) + checkpoint.Config.Vision!.LayerNormEpsilon);
            for (int layer = 0; layer < layers; layer++)
            {
                double written = ClassToken(layer + 1).Average(value => (double)value) - ClassToken(layer).Average(value => (double)value);
                double amount = ((2 * mean / ((2 * layers) + 1)) - written) / deviation / norm;
                for (int j = 0; j < e; j++)
                    Assert.That(Block(own, image, layer, j) - Block(even, image, layer, j), Is.EqualTo(amount * direction[j]).Within(tolerance),
                        $"layer {layer}");
                largest = Math.Max(largest, direction.Max(Math.Abs) * Math.Abs(amount));
            }
        }
        Assert.That(largest, Is.GreaterThan(100 * tolerance), "the conventions differ by what can be seen");

        static double Block(DirectEffects effects, int image, int layer, int j) =>
            effects.Mlp(layer, image)[j] + Enumerable.Range(0, effects.HeadCount).Sum(head => (double)effects.Head(layer, head, image)[j]);
    }

    /// <summary>
    /// The sum of the projection's rows, each times the last norm's gain: where a representation moves when a constant is added to the residual stream.
    /// </summary>
    double[] ProjectedGains(Checkpoint checkpoint)
    {
        float[] gains = checkpoint.Vision!.FinalNorm.Weight.ToSingles(), projection = checkpoint.Vision.Projection.Weight.ToSingles();
        int e = _model.EmbedWidth;
        double[] sums = new double[e];
        for (int i = 0; i < gains.Length; i++)
            for (int j = 0; j < e; j++)
                sums[j] += (double)gains[i] * (checkpoint.Vision.Projection.Transposed ? projection[(j * gains.Length) + i] : projection[(i * e) + j]);
        return sums;
    }

    float[] EncodeTokens(bool normalize)
    {
        int[][] ids = golden.TextIds;
        float[] texts = new float[ids.Length * _model.EmbedWidth];
        _model.EncodeTokens(ids, texts, normalize);
        return texts;
    }

    static float[] Project(float[] rows, float[] texts)
    {
        int e = Width(texts);
        List<float> products = [];
        for (int row = 0; row < rows.Length; row += e)
            for (int t = 0; t < texts.Length; t += e)
                products.Add(Dot(rows.AsSpan(row, e), texts.AsSpan(t, e)));
        return [.. products];
    }

    // Ten captions in every golden model.
    static int Width(float[] texts) => texts.Length / 10;

    static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return (float)sum;
    }

    static float[] Values(Tensor<float> tensor)
    {
        float[] values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}

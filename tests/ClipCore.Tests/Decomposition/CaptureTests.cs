using System.Numerics.Tensors;
using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Lanes;
using ClipCore.Safetensors;
using ClipCore.Tests.Model;

namespace ClipCore.Tests.Decomposition;

/// <summary>What a capture keeps, against the reference's patterns and residual streams; and that watching changes no bit.</summary>
[TestFixtureSource(typeof(GoldenModel), nameof(GoldenModel.All))]
sealed class CaptureTests(GoldenModel golden)
{
    ClipModel _model = null!;
    float[] _pixels = null!;
    int _images, _layers, _heads, _tokens, _width;

    CaptureOptions Everything => new()
    {
        PatternLayers = [.. Enumerable.Range(0, _layers)],
        ResidualPreLayers = [.. Enumerable.Range(0, _layers)],
        ResidualMidLayers = [.. Enumerable.Range(0, _layers)],
        ResidualPostLayers = [.. Enumerable.Range(0, _layers)],
        PatchTokens = true,
    };

    [OneTimeSetUp]
    public void Load()
    {
        _model = golden.Load();
        _pixels = golden.Array("pixels").Data;
        _images = _pixels.Length / _model.PixelCount;
        (_layers, _heads) = (_model.VisionConfig.LayerCount, _model.VisionConfig.HeadCount);
        (_tokens, _width) = (_model.VisionConfig.TokenCount, _model.VisionConfig.Width);
    }

    [OneTimeTearDown]
    public void Dispose() => _model.Dispose();

    [Test]
    public void Patterns_AreTheReferences()
    {
        CaptureResult result = _model.Capture(_pixels, Everything);
        float[] expected = golden.Array("attn_probs").Data;
        int layerLength = _heads * _tokens * _tokens;
        for (int layer = 0; layer < _layers; layer++)
        {
            Assert.That(result.Patterns(layer).Lengths.ToArray(), Is.EqualTo((nint[])[_images, _heads, _tokens, _tokens]));
            float[] actual = Values(result.Patterns(layer));
            for (int image = 0; image < _images; image++)
                GoldenModel.AssertNear(
                    actual.AsSpan(image * layerLength, layerLength), expected.AsSpan(((image * _layers) + layer) * layerLength, layerLength),
                    golden.Tolerance("attn_probs"), $"layer {layer}");
            for (int row = 0; row < actual.Length; row += _tokens)
                Assert.That(actual.AsSpan(row, _tokens).ToArray().Sum(value => (double)value), Is.EqualTo(1).Within(1e-6));
        }
    }

    [Test]
    public void ResidualStreams_AreTheReferences()
    {
        CaptureResult result = _model.Capture(_pixels, Everything);
        float[] expected = golden.Array("resid").Data;
        int length = _tokens * _width;
        for (int layer = 0; layer < _layers; layer++)
        {
            float[] pre = Values(result.ResidualPre(layer)), post = Values(result.ResidualPost(layer));
            Assert.That(result.ResidualPre(layer).Lengths.ToArray(), Is.EqualTo((nint[])[_images, _tokens, _width]));
            for (int image = 0; image < _images; image++)
            {
                int at = ((image * (_layers + 1)) + layer) * length;
                GoldenModel.AssertNear(pre.AsSpan(image * length, length), expected.AsSpan(at, length), golden.Tolerance("resid"), $"before layer {layer}");
                GoldenModel.AssertNear(
                    post.AsSpan(image * length, length), expected.AsSpan(at + length, length), golden.Tolerance("resid"), $"after layer {layer}");
            }
            if (layer + 1 < _layers)
                Assert.That(post, Is.EqualTo(Values(result.ResidualPre(layer + 1))), "the same stream under two names");
            float[] mid = Values(result.ResidualMid(layer));
            Assert.That(mid, Is.Not.EqualTo(pre).And.Not.EqualTo(post));
        }
    }

    [Test]
    public void ResidualMid_IsThePreStreamPlusWhatThePatternsMove()
    {
        using SafetensorsFile file = golden.Weights();
        if (!file.Tensors.ContainsKey("visual.proj"))
            return; // The same weights under other names.
        CaptureResult result = _model.Capture(_pixels, Everything);
        int k = _width / _heads;
        for (int layer = 0; layer < _layers; layer++)
        {
            string prefix = $"visual.transformer.resblocks.{layer}.";
            float[] inWeight = file[prefix + "attn.in_proj_weight"].ToSingles(), inBias = file[prefix + "attn.in_proj_bias"].ToSingles();
            float[] outWeight = file[prefix + "attn.out_proj.weight"].ToSingles(), outBias = file[prefix + "attn.out_proj.bias"].ToSingles();
            float[] gain = file[prefix + "ln_1.weight"].ToSingles(), bias = file[prefix + "ln_1.bias"].ToSingles();
            float[] pre = Values(result.ResidualPre(layer)), mid = Values(result.ResidualMid(layer)), patterns = Values(result.Patterns(layer));

            double[][] values = new double[_tokens][];
            for (int token = 0; token < _tokens; token++)
            {
                double[] normed = Normed(pre.AsSpan(token * _width, _width), gain, bias);
                values[token] = new double[_width];
                for (int j = 0; j < _width; j++)
                {
                    double sum = inBias[(2 * _width) + j];
                    for (int i = 0; i < _width; i++)
                        sum += normed[i] * inWeight[(((2 * _width) + j) * _width) + i];
                    values[token][j] = sum;
                }
            }
            for (int token = 0; token < _tokens; token++)
            {
                double[] z = new double[_width];
                for (int j = 0; j < _width; j++)
                    for (int from = 0; from < _tokens; from++)
                        z[j] += patterns[(((j / k * _tokens) + token) * _tokens) + from] * values[from][j];
                for (int j = 0; j < _width; j++)
                {
                    double sum = pre[(token * _width) + j] + outBias[j];
                    for (int i = 0; i < _width; i++)
                        sum += z[i] * outWeight[(j * _width) + i];
                    Assert.That(mid[(token * _width) + j], Is.EqualTo(sum).Within(golden.Tolerance("resid")), $"layer {layer}, token {token}, {j}");
                }
            }
        }
    }

    [Test]
    public void Representation_HasTheBitsOfPlainEncoding_WhateverIsWatched()
    {
        float[] plain = _model.EncodeImageRows(_pixels);
        CaptureOptions[] all =
        [
            new(), Everything, new() { PatchTokens = true }, new() { PatternLayers = [_layers - 1], ClassTokenPatternsOnly = true },
            new() { ResidualPostLayers = [_layers - 1], ClassTokenResidualsOnly = true },
        ];
        foreach (CaptureOptions options in all)
            Assert.That(Values(_model.Capture(_pixels, options).Representation), Is.EqualTo(plain));
        Assert.That(_model.Capture(_pixels, new CaptureOptions()).PatchTokens, Is.Null);
        DirectEffects effects = _model.Decompose(_pixels);
        Assert.That(effects.RepresentationValues, Is.EqualTo(plain));
        Assert.That(_model.Capture(_pixels, new CaptureOptions()).Norms, Is.EqualTo(effects.Norms.ToArray()));
    }

    [Test]
    public void PartOfIt_IsThatPartOfEverything()
    {
        CaptureResult whole = _model.Capture(_pixels, Everything);
        CaptureResult part = _model.Capture(_pixels, new CaptureOptions
        {
            PatternLayers = [_layers - 1, 0],
            PatternHeads = [2, 0],
            ClassTokenPatternsOnly = true,
            ResidualPreLayers = [1],
            ResidualMidLayers = [_layers - 1],
            ResidualPostLayers = [_layers - 1],
            ClassTokenResidualsOnly = true,
        });
        foreach (int layer in (int[])[0, _layers - 1])
        {
            float[] all = Values(whole.Patterns(layer)), some = Values(part.Patterns(layer));
            Assert.That(part.Patterns(layer).Lengths.ToArray(), Is.EqualTo((nint[])[_images, 2, _tokens]));
            for (int image = 0; image < _images; image++)
                for (int i = 0; i < 2; i++)
                    Assert.That(
                        some.AsSpan(((image * 2) + i) * _tokens, _tokens).ToArray(),
                        Is.EqualTo(all.AsSpan(((image * _heads) + (i == 0 ? 2 : 0)) * _tokens * _tokens, _tokens).ToArray()));
        }
        AssertClassRows(part.ResidualPre(1), whole.ResidualPre(1));
        AssertClassRows(part.ResidualMid(_layers - 1), whole.ResidualMid(_layers - 1));
        AssertClassRows(part.ResidualPost(_layers - 1), whole.ResidualPost(_layers - 1));
    }

    [Test]
    public void PatchTokens_AreTheLastStreamThroughTheLastNormAndTheProjection()
    {
        CaptureResult result = _model.Capture(_pixels, Everything);
        Assert.That(result.PatchTokens!.Lengths.ToArray(), Is.EqualTo((nint[])[_images, _tokens - 1, _model.EmbedWidth]));
        float[] stream = Values(result.ResidualPost(_layers - 1)), patches = Values(result.PatchTokens);
        using SafetensorsFile file = golden.Weights();
        bool isOpenClip = file.Tensors.ContainsKey("visual.proj");
        float[] gain = file[isOpenClip ? "visual.ln_post.weight" : "vision_model.post_layernorm.weight"].ToSingles();
        float[] bias = file[isOpenClip ? "visual.ln_post.bias" : "vision_model.post_layernorm.bias"].ToSingles();
        float[] projection = file[isOpenClip ? "visual.proj" : "visual_projection.weight"].ToSingles();
        int e = _model.EmbedWidth;
        for (int image = 0; image < _images; image++)
            for (int patch = 0; patch < _tokens - 1; patch++)
            {
                double[] row = Normed(stream.AsSpan(((image * _tokens) + patch + 1) * _width, _width), gain, bias);
                for (int j = 0; j < e; j++)
                {
                    double sum = 0;
                    for (int i = 0; i < _width; i++)
                        sum += row[i] * projection[isOpenClip ? (i * e) + j : (j * _width) + i];
                    Assert.That(patches[(((image * (_tokens - 1)) + patch) * e) + j], Is.EqualTo(sum).Within(1e-5), $"image {image}, patch {patch}, {j}");
                }
            }
    }

    [Test]
    public void EveryWidthThreadAndBatch_GivesTheSameBits()
    {
        float[] expected = Flat(_model.Capture(_pixels, Everything));
        foreach (Isa isa in (Isa[])[Isa.Scalar, Isa.Vector128, Isa.Vector256, Isa.Vector512])
        {
            using ClipModel other = golden.Load(new ClipModelOptions { Isa = isa, Threads = 3 });
            Assert.That(Flat(other.Capture(_pixels, Everything)), Is.EqualTo(expected), $"{isa}");
        }
        // More images than a pass has, so that the second pass starts within the result.
        float[] many = [.. _pixels, .. _pixels, .. _pixels];
        float[] first = Values(_model.Capture(_pixels, Everything).Patterns(1)), tripled = Values(_model.Capture(many, Everything).Patterns(1));
        Assert.That(tripled, Is.EqualTo((float[])[.. first, .. first, .. first]));
        float[] one = Values(_model.Capture(_pixels.AsSpan(0, _model.PixelCount), Everything).ResidualMid(2));
        Assert.That(one, Is.EqualTo(Values(_model.Capture(_pixels, Everything).ResidualMid(2)).Take(one.Length)));
    }

    [Test]
    public void WrongLayersAndHeads_AreRefused()
    {
        Assert.That(() => _model.Capture(_pixels, new CaptureOptions { PatternLayers = [_layers] }),
            Throws.ArgumentException.With.Message.Contains("PatternLayers"));
        Assert.That(() => _model.Capture(_pixels, new CaptureOptions { ResidualMidLayers = [-1] }), Throws.ArgumentException);
        Assert.That(() => _model.Capture(_pixels, new CaptureOptions { ResidualPreLayers = [1, 1] }), Throws.ArgumentException.With.Message.Contains("twice"));
        Assert.That(() => _model.Capture(_pixels, new CaptureOptions { PatternLayers = [0], PatternHeads = [_heads] }), Throws.ArgumentException);
        CaptureResult result = _model.Capture(_pixels, new CaptureOptions { ResidualPreLayers = [1] });
        Assert.That(() => result.Patterns(0), Throws.ArgumentException.With.Message.Contains("PatternLayers"));
        Assert.That(() => result.ResidualPre(0), Throws.ArgumentException);
        Assert.That(() => result.ResidualPost(_layers), Throws.ArgumentException);
    }

    static double[] Normed(ReadOnlySpan<float> row, float[] gain, float[] bias)
    {
        double[] values = new double[row.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = row[i];
        double mean = values.Average(), sigma = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) + 1e-5);
        return [.. values.Select((value, i) => ((value - mean) / sigma * gain[i]) + bias[i])];
    }

    void AssertClassRows(Tensor<float> rows, Tensor<float> whole)
    {
        Assert.That(rows.Lengths.ToArray(), Is.EqualTo((nint[])[_images, _width]));
        float[] some = Values(rows), all = Values(whole);
        for (int image = 0; image < _images; image++)
            Assert.That(some.AsSpan(image * _width, _width).ToArray(), Is.EqualTo(all.AsSpan(image * _tokens * _width, _width).ToArray()));
    }

    float[] Flat(CaptureResult result) =>
    [
        .. Enumerable.Range(0, _layers).SelectMany(layer => (Tensor<float>[])[
            result.Patterns(layer), result.ResidualPre(layer), result.ResidualMid(layer), result.ResidualPost(layer)]).SelectMany(Values),
        .. Values(result.PatchTokens!), .. Values(result.Representation),
    ];

    static float[] Values(Tensor<float> tensor)
    {
        float[] values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}

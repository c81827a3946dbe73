using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Lanes;

namespace ClipCore.Tests.Model;

/// <summary>What is not finite gives one clear error, never a result.</summary>
sealed class NonFiniteTests
{
    static readonly string[] s_weights =
    [
        "visual.conv1.weight", "visual.proj", "visual.ln_post.bias", "visual.class_embedding", "visual.positional_embedding",
        "visual.transformer.resblocks.1.attn.in_proj_weight", "visual.transformer.resblocks.1.attn.in_proj_bias", "token_embedding.weight", "ln_final.weight",
        "text_projection", "logit_scale",
    ];

    static float[] Pixels => new GoldenModel("tiny-gelu", "tiny-gelu").Array("pixels").Data;

    [Test]
    public void Weight_NotFinite_IsRefusedByName([ValueSource(nameof(s_weights))] string weight, [Values(float.NaN, float.NegativeInfinity)] float value)
    {
        if (weight == "logit_scale" && float.IsInfinity(value))
            value = float.PositiveInfinity;
        using AlteredModel altered = new((name, values) =>
        {
            if (name == weight)
                values[^1] = value;
        });
        Assert.That(() => altered.Load(), Throws.InstanceOf<NonFiniteWeightException>().With.Message.Contains(weight));
    }

    [Test]
    public void Weight_BeyondTheRangeOfHalf_IsRefusedByName_AndTakenByWiderFormats()
    {
        const string Weight = "visual.transformer.resblocks.0.mlp.c_fc.weight";
        using AlteredModel altered = new((name, values) =>
        {
            if (name == Weight)
                values[17] = 70000f;
        });
        Assert.That(
            () => altered.Load(new ClipModelOptions { Weights = WeightFormat.Half }),
            Throws.InstanceOf<WeightRangeException>().With.Message.Contains(Weight).And.Message.Contains("element 17").And.Message.Contains("BFloat16"));
        altered.Load().Dispose();
        altered.Load(new ClipModelOptions { Weights = WeightFormat.BFloat16 }).Dispose();
    }

    [TestCase(65519f, true)]
    [TestCase(65520f, false)]
    [TestCase(-65520f, false)]
    public void Weight_AtTheEndOfHalfsRange_IsTakenWhereItRoundsToAFiniteNumber(float value, bool isTaken)
    {
        using AlteredModel altered = new((name, values) =>
        {
            if (name == "visual.proj")
                values[3] = value;
        });
        if (isTaken)
            altered.Load(new ClipModelOptions { Weights = WeightFormat.Half }).Dispose();
        else
            Assert.That(() => altered.Load(new ClipModelOptions { Weights = WeightFormat.Half }), Throws.InstanceOf<WeightRangeException>());
    }

    [TestCase(1e25f)]
    [TestCase(0f)]
    public void Representation_WithoutADirection_IsRefusedEverywhere(float factor)
    {
        using AlteredModel altered = new((name, values) =>
        {
            if (name is "visual.proj" or "text_projection")
                for (int i = 0; i < values.Length; i++)
                    values[i] *= factor;
        });
        using ClipModel model = altered.Load();
        float[] pixels = Pixels;
        int[][] ids = new GoldenModel("tiny-gelu", "tiny-gelu").TextIds;
        Assert.That(() => model.EncodeImages(pixels), Throws.InstanceOf<NonFiniteResultException>().With.Message.Contains("image 0"));
        Assert.That(() => model.Decompose(pixels), Throws.InstanceOf<NonFiniteResultException>().With.Property("Index").EqualTo(0));
        Assert.That(() => model.EncodeTokens(ids, new float[ids.Length * model.EmbedWidth]),
            Throws.InstanceOf<NonFiniteResultException>().With.Message.Contains("text 0"));
        Assert.That(() => model.Capture(pixels, new CaptureOptions()), Throws.InstanceOf<NonFiniteResultException>());
    }

    [Test]
    public void Pass_ThatOverflows_IsRefused_AndTheModelGoesOn()
    {
        using AlteredModel altered = new((name, values) =>
        {
            if (name == "visual.transformer.resblocks.1.mlp.c_proj.weight")
                for (int i = 0; i < values.Length; i++)
                    values[i] *= 1e37f;
        });
        using ClipModel model = altered.Load();
        for (int i = 0; i < 40; i++)
            Assert.That(() => model.EncodeImages(Pixels), Throws.InstanceOf<NonFiniteResultException>());
        Assert.That(() => model.EncodeImages(Pixels, normalize: false), Throws.InstanceOf<NonFiniteResultException>());
    }

    [Test]
    public void Completeness_SeesARepresentationThatHasNotLengthOne()
    {
        // So short that the squares are denormal: the length is off, and with it the "unit" representation, though the parts still sum to it.
        using AlteredModel altered = new((name, values) =>
        {
            if (name == "visual.proj")
                for (int i = 0; i < values.Length; i++)
                    values[i] *= 3e-23f;
        });
        using ClipModel model = altered.Load();
        DirectEffects effects = model.Decompose(Pixels, new DecomposeOptions { Level = EffectLevel.Layer });
        int e = model.EmbedWidth;
        for (int image = 0; image < effects.ImageCount; image++)
        {
            double squares = 0;
            for (int j = 0; j < e; j++)
                squares += (double)effects.RepresentationValues[(image * e) + j] * effects.RepresentationValues[(image * e) + j];
            Assert.That(effects.Completeness[image], Is.GreaterThanOrEqualTo((float)Math.Abs(Math.Sqrt(squares) - 1)));
        }
        Assert.That(effects.Completeness.ToArray(), Has.Some.GreaterThan(1e-6f));
    }
}

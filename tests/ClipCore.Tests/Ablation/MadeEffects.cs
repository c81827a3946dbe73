using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Tests.Ablation;

/// <summary>A small set of effects in which one head carries the attribute and another the class: both are known by construction.</summary>
static class MadeEffects
{
    public const int Layers = 3, Heads = 2, Width = 6, Images = 80;

    /// <summary>What speaks for the attribute, along the margin between the classes.</summary>
    public static ComponentLabel CueHead => ComponentLabel.OfHead(2, 1);

    /// <summary>What speaks for the class.</summary>
    public static ComponentLabel ClassHead => ComponentLabel.OfHead(2, 0);

    /// <summary>Class 1 minus class 0 is the second axis minus the first.</summary>
    public static LinearClassifier Classes { get; } = new([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], Width);

    /// <summary>Labels and attributes are 0 and 1 in every combination, in the proportion 3 : 1 for equal ones.</summary>
    public static EffectArrays Create(string[]? splits = null)
    {
        Random random = new(11);
        float[] heads = new float[Images * Layers * Heads * Width], mlps = new float[Images * (Layers + 1) * Width];
        for (int i = 0; i < heads.Length; i++)
            heads[i] = (random.NextSingle() - 0.5f) / 20;
        for (int i = 0; i < mlps.Length; i++)
            mlps[i] = (random.NextSingle() - 0.5f) / 20;
        int[] labels = new int[Images], attributes = new int[Images];
        for (int image = 0; image < Images; image++)
        {
            labels[image] = image % 2;
            attributes[image] = image / 2 % 4 == 0 ? 1 - labels[image] : labels[image];
            Margin(heads, image, ClassHead, labels[image], 1);
            Margin(heads, image, CueHead, attributes[image], 2);
        }
        return new EffectArrays(heads, mlps, null, Layers, Heads, Width) { Labels = labels, Attributes = attributes, Splits = splits };
    }

    static void Margin(float[] heads, int image, ComponentLabel head, int side, float strength)
    {
        int at = ((((image * Layers) + head.Layer) * Heads) + head.Head) * Width;
        heads[at] += side == 0 ? strength : 0;
        heads[at + 1] += side == 1 ? strength : 0;
    }
}

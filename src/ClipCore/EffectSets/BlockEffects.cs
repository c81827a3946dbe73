using System.Globalization;
using ClipCore.Decomposition;
using ClipCore.Files;

namespace ClipCore.EffectSets;

/// <summary>What a block of a store holds, as the model's passes fill it, some images at a time.</summary>
sealed class BlockEffects
{
    readonly StoreManifest _manifest;

    /// <param name="manifest">The sizes.</param>
    /// <param name="index">Places of the images in the whole set.</param>
    public BlockEffects(StoreManifest manifest, long[] index)
    {
        (_manifest, Index) = (manifest, index);
        int images = index.Length, layers = manifest.LayerCount, first = manifest.FirstLayer;
        Z = new float[(long)images * (layers - first) * manifest.Width];
        ClassToken = new float[first == 0 ? (long)images * layers * manifest.Width : 0];
        EarlyAttention = new float[(long)images * first * manifest.EmbedWidth];
        Shared = new float[images * EffectCoordinates.Scalars];
        Mlps = new float[(long)images * (layers + 1) * manifest.EmbedWidth];
        Representations = new float[(long)images * manifest.EmbedWidth];
    }

    public long[] Index { get; }

    /// <summary>[n, kept, d]</summary>
    public float[] Z { get; }

    /// <summary>[n, L, d]; empty where early layers are kept as sums.</summary>
    public float[] ClassToken { get; }

    /// <summary>[n, first, e]</summary>
    public float[] EarlyAttention { get; }

    /// <summary>[n, 3]</summary>
    public float[] Shared { get; }

    /// <summary>[n, L + 1, e]</summary>
    public float[] Mlps { get; }

    /// <summary>[n, e]</summary>
    public float[] Representations { get; }

    /// <summary>Takes what a pass over some images gave.</summary>
    public void Take(int firstImage, DirectEffects effects, EffectCoordinates coordinates)
    {
        int layers = _manifest.LayerCount, first = _manifest.FirstLayer, width = _manifest.Width, embed = _manifest.EmbedWidth;
        for (int i = 0; i < effects.ImageCount; i++)
        {
            int image = firstImage + i, kept = (layers - first) * width;
            coordinates.Z.AsSpan(((i * layers) + first) * width, kept).CopyTo(Z.AsSpan(image * kept));
            effects.AttentionValues.AsSpan(i * layers * embed, first * embed).CopyTo(EarlyAttention.AsSpan(image * first * embed));
        }
        if (first == 0)
            coordinates.ClassToken.CopyTo(ClassToken, firstImage * layers * width);
        coordinates.Shared.CopyTo(Shared, firstImage * EffectCoordinates.Scalars);
        effects.MlpValues.CopyTo(Mlps, firstImage * (layers + 1) * embed);
        effects.RepresentationValues.CopyTo(Representations, firstImage * embed);
    }

    /// <summary>Refuses numbers that the store could not give back.</summary>
    /// <param name="name">What an image is called.</param>
    /// <exception cref="InvalidDataException">One is not finite, or beyond what half precision holds.</exception>
    public void Check(Func<long, string> name)
    {
        bool isHalf = _manifest.DType == DType.F16;
        Check(Z, isHalf, name);
        Check(ClassToken, isHalf, name);
        Check(EarlyAttention, isHalf, name);
        Check(Shared, false, name);
        Check(Mlps, isHalf, name);
        Check(Representations, false, name);
    }

    void Check(float[] values, bool isHalf, Func<long, string> name)
    {
        // Half's largest number is 65504; from the middle to the next one on, a number rounds to infinity.
        const float EndOfHalf = 65520;
        float end = isHalf ? EndOfHalf : float.PositiveInfinity;
        for (int i = 0; i < values.Length; i++)
        {
            if (Math.Abs(values[i]) < end)
                continue;
            string image = name(Index[i / (values.Length / Index.Length)]);
            throw new InvalidDataException(
                float.IsFinite(values[i])
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{image}: an effect has the coordinate {values[i]}, but half precision ends at 65504: keep this store as F32.")
                    : $"{image}: its effects are not finite (NaN or infinity): the model's weights or this picture's pixels are out of range.");
        }
    }
}

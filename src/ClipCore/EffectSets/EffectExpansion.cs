using ClipCore.Decomposition;
using ClipCore.Lanes;

namespace ClipCore.EffectSets;

/// <summary>
/// Turns coordinates back into effects, in double precision and one order for each number, so that stores and pictures give the same bits. Several images at
/// a time cost little more than one: the basis is what has to come from memory. For one thread at a time.
/// </summary>
sealed class EffectExpansion(CoordinateBasis basis, int layers, int heads, int width, int embed, int tokens)
{
    double[] _sums = [];

    /// <summary>Effects of the heads of the layers from <paramref name="firstLayer"/> on; what stands for earlier layers is left alone.</summary>
    /// <param name="z">[images, L − firstLayer, d]</param>
    /// <param name="shared">[images, 3]</param>
    /// <param name="images">Images.</param>
    /// <param name="firstLayer">The first layer that <paramref name="z"/> has.</param>
    /// <param name="destination">[images, L, H, e]</param>
    public void Heads(ReadOnlySpan<float> z, ReadOnlySpan<float> shared, int images, int firstLayer, Span<float> destination)
    {
        int k = width / heads, kept = layers - firstLayer;
        for (int layer = firstLayer; layer < layers; layer++)
            for (int head = 0; head < heads; head++)
            {
                Begin(shared, images, layer, heads);
                AddRows(z, images, kept, layer - firstLayer, layer, head * k, (head + 1) * k);
                for (int image = 0; image < images; image++)
                    End(image, destination.Slice(((((image * layers) + layer) * heads) + head) * embed, embed));
            }
    }

    /// <summary>What the heads of each layer take from the class token, in all.</summary>
    /// <param name="classToken">[images, L, d]</param>
    /// <param name="shared">[images, 3]</param>
    /// <param name="images">Images.</param>
    /// <param name="destination">[images, L, e]</param>
    public void ClassToken(ReadOnlySpan<float> classToken, ReadOnlySpan<float> shared, int images, Span<float> destination)
    {
        for (int layer = 0; layer < layers; layer++)
        {
            Begin(shared, images, layer, tokens);
            AddRows(classToken, images, layers, layer, layer, 0, width);
            for (int image = 0; image < images; image++)
                End(image, destination.Slice(((image * layers) + layer) * embed, embed));
        }
    }

    /// <summary>A part's share of the output bias, the mean and β; parts are the heads of a layer, or its tokens.</summary>
    void Begin(ReadOnlySpan<float> shared, int images, int layer, int parts)
    {
        if (_sums.Length < images * embed)
            _sums = new double[images * embed];
        double share = ((2.0 * layers) + 1) * parts;
        for (int image = 0; image < images; image++)
        {
            ReadOnlySpan<float> of = shared.Slice(image * EffectCoordinates.Scalars, EffectCoordinates.Scalars);
            for (int j = 0; j < embed; j++)
                _sums[(image * embed) + j] = (basis.OutBias[(layer * embed) + j] * (double)of[0] / parts)
                    + (((basis.Beta[j] * (double)of[2]) - (basis.Ones[j] * (double)of[1])) / share);
        }
    }

    void AddRows(ReadOnlySpan<float> coordinates, int images, int rows, int row, int layer, int first, int end)
    {
        for (int j = first; j < end; j++)
        {
            ReadOnlySpan<float> g = basis.G.AsSpan(((layer * width) + j) * embed, embed);
            for (int image = 0; image < images; image++)
                Doubles.AddScaled(g, coordinates[(((image * rows) + row) * width) + j], _sums.AsSpan(image * embed, embed));
        }
    }

    void End(int image, Span<float> destination)
    {
        for (int j = 0; j < embed; j++)
            destination[j] = (float)_sums[(image * embed) + j];
    }
}

using System.Diagnostics;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Decomposition;

/// <summary>Turns the record of a forward pass into direct effects.</summary>
static unsafe class Decomposer
{
    /// <param name="team">Who works.</param>
    /// <param name="kernels">Kernels of the model's width.</param>
    /// <param name="scratch">Memory of each member.</param>
    /// <param name="basis">The model's constants.</param>
    /// <param name="shape">The model's sizes.</param>
    /// <param name="record">What the pass kept.</param>
    /// <param name="items">Memory for the list of products.</param>
    /// <param name="firstImage">Where the images of this pass start in the result.</param>
    /// <param name="images">Images of this pass.</param>
    /// <param name="effects">The result; its representations and norms are filled already.</param>
    public static void Run(
        ThreadTeam team, Kernels kernels, TeamScratch scratch, EffectBasis basis, TransformerShape shape, EffectRecord record,
        EffectItemList items, int firstImage, int images, DirectEffects effects)
    {
        int layers = shape.LayerCount, heads = shape.HeadCount, tokens = effects.TokenCount, columns = effects.Columns;
        Debug.Assert(basis.Columns == columns);
        for (int image = 0; image < images; image++)
            record.Scales[image] = (float)(record.Stats[image].InverseSigma / (double)effects.NormValues[firstImage + image]);

        int parts = effects.Options.Level switch
        {
            EffectLevel.Layer => 1,
            EffectLevel.Head => heads,
            _ => heads * tokens,
        };
        float* offsets = items.Offsets((long)images * (layers + 1) * columns);
        FillOffsets(basis, record, layers, parts, firstImage, images, effects, offsets);
        float* mlpOffsets = offsets + ((long)layers * images * columns);

        fixed (float* attention = effects.AttentionValues, mlps = effects.MlpValues)
        {
            long attentionImage = effects.AttentionValues.LongLength / effects.ImageCount, attentionLayer = attentionImage / layers;
            float* attentionOut = attention + (firstImage * attentionImage);
            float* mlpOut = mlps + ((long)firstImage * (layers + 1) * columns);
            items.Clear();

            for (int i = 0; i <= layers; i++)
                items.Add(new EffectItem(
                    record.Mlp(i, 0), record.Stride, images, basis.Residual, 0, shape.Width, record.Scales, 1, mlpOffsets, columns,
                    mlpOut + ((long)i * columns), (nint)(layers + 1) * columns));

            for (int layer = 0; layer < layers; layer++)
            {
                PackedMatrix g = basis.Layers[layer];
                float* layerOffsets = offsets + ((long)layer * images * columns);
                float* layerOut = attentionOut + (layer * attentionLayer);
                switch (effects.Options.Level)
                {
                    case EffectLevel.Layer:
                        items.Add(new EffectItem(
                            record.Z(layer, 0), record.Stride, images, g, 0, shape.Width, record.Scales, 1, layerOffsets, columns, layerOut,
                            (nint)attentionImage));
                        break;
                    case EffectLevel.Head:
                        for (int head = 0; head < heads; head++)
                            items.Add(new EffectItem(
                                record.Z(layer, 0) + (head * shape.HeadWidth), record.Stride, images, g, head * shape.HeadWidth,
                                shape.HeadWidth, record.Scales, 1, layerOffsets, columns, layerOut + ((long)head * columns),
                                (nint)attentionImage));
                        break;
                    default:
                        for (int image = 0; image < images; image++)
                            for (int head = 0; head < heads; head++)
                                items.Add(new EffectItem(
                                    record.WeightedValues(layer, image, head), shape.HeadWidth, tokens, g, head * shape.HeadWidth,
                                    shape.HeadWidth, record.Scales + image, 0, layerOffsets + ((long)image * columns), 0,
                                    layerOut + (image * attentionImage) + ((long)head * columns), (nint)heads * columns));
                        break;
                }
            }
            kernels.Effects(team, scratch, items.Items, items.Count);
        }

        for (int image = firstImage; image < firstImage + images; image++)
            effects.CompletenessValues[image] = Completeness(effects, image);
    }

    /// <summary>
    /// What is added to each product: a part's share of the output bias, of the mean and of β, in units of the unit representation.
    /// [layers + 1, images, T]; the last layer's place holds the offsets of the MLPs and the embedding.
    /// </summary>
    static void FillOffsets(
        EffectBasis basis, EffectRecord record, int layers, int parts, int firstImage, int images, DirectEffects effects, float* offsets)
    {
        int columns = effects.Columns;
        double components = (2 * layers) + 1;
        for (int layer = 0; layer <= layers; layer++)
            for (int image = 0; image < images; image++)
            {
                double share = layer == layers ? 1 : parts;
                double scale = record.Stats[image].InverseSigma / (double)effects.NormValues[firstImage + image];
                double mean = record.Stats[image].Mean / components, norm = components * effects.NormValues[firstImage + image];
                float* destination = offsets + (((long)layer * images + image) * columns);
                for (int t = 0; t < columns; t++)
                {
                    double bias = layer == layers ? 0 : basis.OutBias(layer)[t];
                    destination[t] = (float)((((bias - (mean * basis.Ones[t])) * scale) + (basis.Beta[t] / norm)) / share);
                }
            }
    }

    /// <summary>
    /// The larger of max |Σ parts − representation| and |‖representation‖ − 1|, the sums in double and in order. A NaN anywhere makes it NaN.
    /// </summary>
    static float Completeness(DirectEffects effects, int image)
    {
        int columns = effects.Columns;
        double[] sums = System.Buffers.ArrayPool<double>.Shared.Rent(columns);
        Array.Clear(sums, 0, columns);
        AddRows(effects.AttentionValues, image, effects.ImageCount, columns, sums);
        AddRows(effects.MlpValues, image, effects.ImageCount, columns, sums);

        int embed = effects.RepresentationValues.Length / effects.ImageCount;
        ReadOnlySpan<float> representation = effects.RepresentationValues.AsSpan(image * embed, embed);
        double largest = Math.Abs(Math.Sqrt(OrderedSums.Dot(representation, representation)) - 1);
        for (int t = 0; t < columns; t++)
        {
            double whole = effects.Options.Directions is { } directions
                ? OrderedSums.Dot(representation, directions.Values.Slice(t * embed, embed))
                : representation[t];
            double difference = Math.Abs(sums[t] - whole);
            // Not a maximum by library call: a NaN must stay one.
            if (!(difference <= largest))
                largest = difference;
        }
        System.Buffers.ArrayPool<double>.Shared.Return(sums);
        return (float)largest;
    }

    static void AddRows(float[] values, int image, int images, int columns, double[] sums)
    {
        int length = values.Length / images;
        ReadOnlySpan<float> part = values.AsSpan(image * length, length);
        for (int row = 0; row < length; row += columns)
            for (int t = 0; t < columns; t++)
                sums[t] += part[row + t];
    }
}

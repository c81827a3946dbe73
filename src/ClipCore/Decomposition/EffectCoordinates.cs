using ClipCore.Memory;

namespace ClipCore.Decomposition;

/// <summary>
/// The exact low-rank form of direct effects: everything that head h of layer l says of an image is q B with
/// q = [z/(σ‖y‖), 1/(σ‖y‖), μ/(σ‖y‖), 1/‖y‖], k + 3 numbers, and B a constant of the checkpoint (design: section 3 of the mathematics).
/// </summary>
/// <param name="imageCount">Images (n).</param>
/// <param name="layerCount">L.</param>
/// <param name="width">Width of the tower (d = H k).</param>
sealed class EffectCoordinates(int imageCount, int layerCount, int width)
{
    /// <summary>Shared numbers of an image.</summary>
    public const int Scalars = 3;

    /// <summary>z/(σ‖y‖) of all heads side by side. [n, L, d]</summary>
    public float[] Z { get; } = new float[Length(imageCount, layerCount, width)];

    /// <summary>The class token's own part of it, α₀ v₀/(σ‖y‖). [n, L, d]</summary>
    public float[] ClassToken { get; } = new float[Length(imageCount, layerCount, width)];

    /// <summary>1/(σ‖y‖), μ/(σ‖y‖), 1/‖y‖. [n, 3]</summary>
    public float[] Shared { get; } = new float[imageCount * Scalars];

    static int Length(int imageCount, int layerCount, int width) =>
        ArrayLength.Of("The heads' coordinates", "decompose fewer images at a time", imageCount, layerCount, width);

    /// <summary>Takes what a pass kept.</summary>
    public unsafe void Take(EffectRecord record, int firstImage, int images, int headCount, DirectEffects effects)
    {
        int headWidth = width / headCount;
        for (int image = 0; image < images; image++)
        {
            int at = firstImage + image;
            float norm = effects.NormValues[at], scale = (float)(record.Stats[image].InverseSigma / (double)norm);
            Shared[at * Scalars] = scale;
            Shared[(at * Scalars) + 1] = record.Stats[image].Mean * scale;
            Shared[(at * Scalars) + 2] = 1 / norm;
            for (int layer = 0; layer < layerCount; layer++)
            {
                float* z = record.Z(layer, image);
                int row = ((at * layerCount) + layer) * width;
                for (int j = 0; j < width; j++)
                    Z[row + j] = z[j] * scale;
                for (int head = 0; head < headCount; head++)
                {
                    float* first = record.WeightedValues(layer, image, head);
                    for (int j = 0; j < headWidth; j++)
                        ClassToken[row + (head * headWidth) + j] = first[j] * scale;
                }
            }
        }
    }
}

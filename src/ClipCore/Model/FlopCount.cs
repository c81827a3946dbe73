using ClipCore.Checkpoints;

namespace ClipCore.Model;

/// <summary>
/// Floating-point operations that an image needs; a multiplication and an addition are two. Only the arithmetic that cannot be left out is counted.
/// </summary>
static class FlopCount
{
    /// <summary>Operations of matrix products and attention in one image's pass: in the last layer only keys and values for all tokens.</summary>
    public static double Image(VisionConfig vision, int embedWidth)
    {
        double n = vision.TokenCount, d = vision.Width, m = vision.MlpWidth, patch = 3.0 * vision.PatchSize * vision.PatchSize;
        double layer = (2 * n * d * 3 * d) + (4 * n * n * d) + (2 * n * d * d) + (4 * n * d * m);
        double last = (2 * n * d * 2 * d) + (2 * d * d) + (4 * n * d) + (2 * d * d) + (4 * d * m);
        return (2 * (n - 1) * patch * d) + ((vision.LayerCount - 1) * layer) + last + (2 * d * embedWidth);
    }
}

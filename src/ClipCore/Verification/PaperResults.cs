using ClipCore.Checkpoints;
using ClipCore.Decomposition;

namespace ClipCore.Verification;

/// <summary>
/// What arXiv 2310.05916 reports for one of its models, as shares between 0 and 1; null where no public copy of the number was found. Immutable, safe for many
/// threads.
/// </summary>
/// <param name="Architecture">The model, such as <c>ViT-L-14</c>; weights of LAION-2B.</param>
/// <param name="LayerCount">L.</param>
/// <param name="HeadCount">H.</param>
/// <param name="Width">d.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
/// <param name="ZeroShot">Accuracy on ImageNet's 50,000 validation images, with OpenAI's 80 templates; open_clip's table has the same numbers.</param>
/// <param name="WorstGroupBefore">Waterbirds: accuracy of the worst group.</param>
/// <param name="WorstGroupAfter">Waterbirds: the same with the heads of location replaced, by the paper's protocol.</param>
/// <param name="PixelAccuracy">ImageNet-segmentation.</param>
/// <param name="MeanIoU">ImageNet-segmentation.</param>
/// <param name="MeanAP">ImageNet-segmentation.</param>
/// <param name="CueHeads">The heads that the paper's script replaces on Waterbirds.</param>
public sealed record PaperResults(
    string Architecture, int LayerCount, int HeadCount, int Width, int PatchSize, double? ZeroShot, double? WorstGroupBefore, double? WorstGroupAfter,
    double? PixelAccuracy, double? MeanIoU, double? MeanAP, IReadOnlyList<ComponentLabel> CueHeads)
{
    /// <summary>Images of ImageNet's validation set, which <see cref="ZeroShot"/> is over.</summary>
    public const int ImageNetImages = 50_000;

    /// <summary>Images of Waterbirds' test split.</summary>
    public const int WaterbirdsImages = 5_794;

    /// <summary>Images of ImageNet-segmentation.</summary>
    public const int SegmentationImages = 4_276;

    /// <summary>Classes of ImageNet.</summary>
    public const int ImageNetClasses = 1_000;

    /// <summary>Templates of OpenAI's prompts, which all of the paper's classifiers use.</summary>
    public const int Templates = 80;

    /// <summary>The paper's models.</summary>
    public static IReadOnlyList<PaperResults> All { get; } =
    [
        new(
            "ViT-B-16", 12, 12, 768, 16, 0.7022, 0.456, 0.575, null, null, null,
            Heads((11, 6), (11, 0), (11, 3), (10, 11), (10, 10), (9, 8), (9, 6))),
        new(
            "ViT-L-14", 24, 16, 1024, 14, 0.7525, 0.477, 0.729, 0.7521, 0.5450, 0.8161,
            Heads(
                (21, 1), (22, 12), (22, 13), (21, 11), (21, 14), (23, 6), (21, 3), (21, 6), (21, 8), (21, 13), (22, 2), (22, 15), (23, 1), (23, 3), (23, 5))),
        new(
            "ViT-H-14", 32, 16, 1280, 14, 0.7795, 0.372, 0.433, null, null, null,
            Heads((31, 8), (30, 15), (30, 12), (30, 6), (29, 14), (29, 8), (31, 12), (30, 11), (29, 4))),
    ];

    /// <summary>Whether a model has this architecture: numbers of another one are no expectation.</summary>
    /// <param name="vision">The model's sizes.</param>
    public bool Fits(VisionConfig vision)
    {
        ArgumentNullException.ThrowIfNull(vision);
        return (vision.LayerCount, vision.HeadCount, vision.Width, vision.PatchSize) == (LayerCount, HeadCount, Width, PatchSize);
    }

    static ComponentLabel[] Heads(params ReadOnlySpan<(int Layer, int Head)> heads)
    {
        ComponentLabel[] labels = new ComponentLabel[heads.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = ComponentLabel.OfHead(heads[i].Layer, heads[i].Head);
        return labels;
    }
}

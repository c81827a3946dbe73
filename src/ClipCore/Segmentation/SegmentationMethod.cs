namespace ClipCore.Segmentation;

/// <summary>Where a heatmap comes from.</summary>
public enum SegmentationMethod
{
    /// <summary>The direct effects of all heads from each patch on the class, over the mean of all classes (arXiv 2310.05916, section 5).</summary>
    Decomposition,

    /// <summary>The last layer's attention from the class token, mean of the heads.</summary>
    RawAttention,

    /// <summary>Attention rollout (Abnar and Zuidema 2020).</summary>
    Rollout,

    /// <summary>The last layer's values of each patch along the class, over the mean of all classes (the idea of MaskCLIP, Zhou et al. 2022).</summary>
    Values,
}

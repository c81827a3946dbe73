namespace ClipCore.Decomposition;

/// <summary>What attention alone says of an image: baselines for heatmaps, from one forward pass.</summary>
/// <param name="Raw">The last layer's attention from the class token to each patch, mean of the heads. [N]</param>
/// <param name="Rollout">
/// Attention rollout (Abnar and Zuidema 2020): the product over the layers of (A + I) / 2, A the mean of the heads; its row of the class token. [N]
/// </param>
/// <param name="Values">
/// The last layer's values of each patch, through the output matrix, the last LayerNorm and the projection; unit length (the idea of MaskCLIP, Zhou et
/// al. 2022). [N, e]
/// </param>
public sealed record AttentionMaps(float[] Raw, float[] Rollout, float[] Values);

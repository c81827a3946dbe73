namespace ClipCore.Ablation;

/// <summary>
/// Accuracies, shares between 0 and 1, with parts of the model replaced by their means over the data set (arXiv 2310.05916, table 1 and its figure).
/// </summary>
/// <param name="Baseline">Nothing replaced.</param>
/// <param name="Mlps">The embedding and all MLPs.</param>
/// <param name="ClassAttention">What the class token takes from itself; null where the set does not hold it.</param>
/// <param name="MlpsAndClassAttention">Both.</param>
/// <param name="Cumulative">The attention layers 0 … i, for each i. [L]</param>
public sealed record AblationTable(double Baseline, double Mlps, double? ClassAttention, double? MlpsAndClassAttention, double[] Cumulative);

namespace ClipCore.Ablation;

/// <summary>Accuracies, shares between 0 and 1, by group: the combinations of class and attribute, such as bird and background.</summary>
/// <param name="Groups">Accuracy of each (class, attribute) that occurs, in order.</param>
/// <param name="Full">Accuracy over all images with a class.</param>
public sealed record GroupAccuracy(IReadOnlyDictionary<(int Class, int Attribute), double> Groups, double Full)
{
    /// <summary>Accuracy of the worst group.</summary>
    public double Worst => Groups.Values.Min();
}

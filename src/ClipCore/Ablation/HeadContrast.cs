using ClipCore.Decomposition;

namespace ClipCore.Ablation;

/// <summary>What a head says of an attribute and of a class, in logit units: means of differences between groups.</summary>
/// <param name="Head">The head.</param>
/// <param name="Attribute">What the attribute changes in the margin between the two classes.</param>
/// <param name="Class">What the class changes in it.</param>
public sealed record HeadContrast(ComponentLabel Head, double Attribute, double Class)
{
    /// <summary>Large where the head speaks for the attribute and not for the class: the mark of a spurious cue.</summary>
    public double Cue => Attribute - Math.Abs(Class);
}

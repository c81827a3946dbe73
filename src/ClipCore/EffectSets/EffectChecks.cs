using ClipCore.Decomposition;

namespace ClipCore.EffectSets;

/// <summary>What experiments ask of their inputs before any work.</summary>
static class EffectChecks
{
    /// <summary>The labels of a set, to be judged by a classifier.</summary>
    /// <exception cref="InvalidDataException">Set and classifier do not belong together, or the set has no labels.</exception>
    public static int[] RequireClasses(this EffectSet set, LinearClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classifier);
        RequireWidth(set, classifier);
        int[] labels = set.RequireLabels(classifier.ClassCount);
        return labels.Any(label => label >= 0) ? labels
            : throw new InvalidDataException("No image of this set has a label: accuracies need the class of each image.");
    }

    /// <summary>Refuses heads that the set does not hold one by one, also where all heads of their layer are named.</summary>
    /// <exception cref="ArgumentException">A head is known by its layer's sum only, or lies outside the model.</exception>
    public static void RequireOneByOne(this EffectSet set, IEnumerable<ComponentLabel> heads)
    {
        foreach (ComponentLabel head in heads)
            set.Require([head]);
    }

    /// <summary>Refuses a classifier of another space.</summary>
    public static void RequireWidth(this EffectSet set, LinearClassifier classifier)
    {
        if (classifier.EmbedWidth != set.EmbedWidth)
            throw new InvalidDataException(
                $"The classifier is for vectors of {classifier.EmbedWidth} floats, but the effects have {set.EmbedWidth}: they belong to different models.");
    }
}

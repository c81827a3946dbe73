using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Ablation;

/// <summary>Judges images with several choices of components replaced by their means, all choices in one pass over the set.</summary>
sealed class AblationReader(EffectSet set, LinearClassifier classifier, EffectMeans means, IReadOnlyList<IReadOnlyCollection<ComponentLabel>> choices)
{
    readonly double[] _whole = new double[set.EmbedWidth], _changed = new double[set.EmbedWidth], _scores = new double[classifier.ClassCount];

    /// <summary>Tells of every image with a label whether it is right, for each choice.</summary>
    /// <param name="tell">Takes the image, the choice, and whether the image is right.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Looked at between images.</param>
    public void Run(Action<int, int, bool> tell, IProgress<int>? progress, CancellationToken cancellation)
    {
        int[] labels = set.RequireClasses(classifier);
        foreach (IReadOnlyCollection<ComponentLabel> choice in choices)
            set.Require(choice);
        EffectReader reader = new(set, classAttention: false);
        for (int image = 0; image < set.ImageCount; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (labels[image] < 0)
                continue;
            reader.Read(image);
            Array.Clear(_whole);
            MeanAblation.AddRows(reader.Heads, _whole);
            MeanAblation.AddRows(reader.Mlps, _whole);
            for (int choice = 0; choice < choices.Count; choice++)
            {
                _whole.CopyTo(_changed, 0);
                foreach (ComponentLabel component in choices[choice])
                    MeanAblation.AddDifference(means.Of(component), reader.Of(component), _changed);
                classifier.Project((ReadOnlySpan<double>)_changed, _scores);
                tell(image, choice, LinearClassifier.Best(_scores) == labels[image]);
            }
            progress?.Report(image + 1);
        }
    }
}

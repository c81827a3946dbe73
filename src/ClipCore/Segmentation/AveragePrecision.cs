namespace ClipCore.Segmentation;

/// <summary>Average precision as scikit-learn computes it: Σ (recallₙ − recallₙ₋₁) precisionₙ over the distinct scores.</summary>
static class AveragePrecision
{
    /// <summary>Pools background and foreground as the paper's code does: every labelled pixel gives its score for both.</summary>
    /// <param name="background">Score of each pixel for the background.</param>
    /// <param name="foreground">Score of each pixel for the foreground.</param>
    /// <param name="labels">1 foreground, 0 background, negative unknown.</param>
    public static double OfPixels(ReadOnlySpan<float> background, ReadOnlySpan<float> foreground, ReadOnlySpan<int> labels)
    {
        List<float> scores = [];
        List<bool> truth = [];
        for (int channel = 0; channel < 2; channel++)
            for (int i = 0; i < labels.Length; i++)
                if (labels[i] >= 0)
                {
                    scores.Add(channel == 0 ? background[i] : foreground[i]);
                    truth.Add((labels[i] > 0 ? 1 : 0) == channel);
                }
        return Of([.. scores], [.. truth]);
    }

    static double Of(float[] scores, bool[] truth)
    {
        // Negated keys sort the largest scores first; equal scores count together, so their order does not matter.
        float[] keys = [.. scores.Select(score => -score)];
        Array.Sort(keys, truth);
        long positives = truth.Count(value => value);
        if (positives == 0)
            return 0;
        double sum = 0;
        long hits = 0, before = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            hits += truth[i] ? 1 : 0;
            if (i + 1 < keys.Length && keys[i + 1] == keys[i])
                continue;
            sum += (double)(hits - before) / positives * ((double)hits / (i + 1));
            before = hits;
        }
        return sum;
    }
}

using ClipCore.Explanation;

namespace ClipCore.Reports.Explanations;

/// <summary>The finding of an explanation in one sentence, made from its numbers. Safe for many threads.</summary>
public static class ExplanationSentence
{
    delegate double Difference(ReadOnlySpan<float> effects);

    /// <summary>The sentence: which text wins over which by how much, and the parts that speak most for and against it.</summary>
    /// <param name="explanation">The explanation.</param>
    public static string Of(ImageExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ExplainedTexts texts = explanation.Texts;
        int[] order = [.. Enumerable.Range(0, explanation.TextCount).OrderByDescending(text => texts.Probabilities[text]).ThenBy(text => text)];
        int first = order[0], second = order[^1] == first ? first : order[1];
        Difference difference = explanation.TextCount == 1 ? effects => effects[first] : effects => effects[first] - (double)effects[second];
        double total = difference(explanation.Cosines), mlps = difference(explanation.Embed);
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            mlps += difference(explanation.Mlp(layer));

        string winner = $"“{texts.Names[first]}”";
        string verdict = explanation.TextCount == 1
            ? $"{winner} has the cosine {Format.Number(total)} with this image"
            : $"{winner} {Format.Probability(texts.Probabilities[first])} over “{texts.Names[second]}” "
                + $"{Format.Probability(texts.Probabilities[second])}: the cosines differ by {Format.Number(total)}";
        (string Label, double Effect)[] heads = Heads(explanation, difference);
        return $"{verdict}, made of {Format.Signed(total - mlps)} from attention and {Format.Signed(mlps)} from the MLPs and the embedding. "
            + $"The heads that speak most for it are {Named(heads[0])} and {Named(heads[1 % heads.Length])}; most against it speaks {Named(heads[^1])}.";
    }

    static (string Label, double Effect)[] Heads(ImageExplanation explanation, Difference difference)
    {
        List<(string Label, double Effect)> heads = [];
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            for (int head = 0; head < explanation.HeadCount; head++)
                heads.Add(($"L{layer}.H{head}", difference(explanation.Head(layer, head))));
        return [.. heads.OrderByDescending(head => head.Effect)];
    }

    static string Named((string Label, double Effect) head) => $"{head.Label} ({Format.Signed(head.Effect)})";
}

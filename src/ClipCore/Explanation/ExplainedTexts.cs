namespace ClipCore.Explanation;

/// <summary>The texts that an image is explained with. Immutable, and so safe for many threads.</summary>
/// <param name="Names">The texts or names of classes, in the order of the explanation. [T]</param>
/// <param name="Cosines">Cosine of each with the image. [T]</param>
/// <param name="Logits">Cosine times the model's logit scale. [T]</param>
/// <param name="Probabilities">Softmax of the logits over all candidates, from 0 to 1. [T]</param>
/// <param name="CandidateCount">How many candidates there were before the best were chosen.</param>
public sealed record ExplainedTexts(
    IReadOnlyList<string> Names, IReadOnlyList<float> Cosines, IReadOnlyList<float> Logits, IReadOnlyList<float> Probabilities, int CandidateCount);

namespace ClipCore.Cli.Report;

/// <summary>What texts an image is explained with.</summary>
/// <param name="Names">The texts or class names, in the order of the explanation.</param>
/// <param name="Cosines">Cosine of each with the image.</param>
/// <param name="Logits">Cosine times the model's logit scale.</param>
/// <param name="Probabilities">Softmax of the logits over all candidates.</param>
/// <param name="CandidateCount">How many there were before the best were chosen.</param>
sealed record ExplainedTexts(string[] Names, float[] Cosines, float[] Logits, float[] Probabilities, int CandidateCount);

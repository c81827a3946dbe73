using ClipCore.Numerics;

namespace ClipCore.Cli.Results;

/// <summary>One image and how well each class fits it.</summary>
sealed record ClassifiedImage(string Image, int Prediction, string Class, float[] Probabilities, float[] Logits);

namespace ClipCore.Cli.Results;

/// <summary>Within what the parts add up: to the representation, and to the scores.</summary>
sealed record ExplainCompleteness(float Representation, int RepresentationParts, float Scores, int ScoreParts);

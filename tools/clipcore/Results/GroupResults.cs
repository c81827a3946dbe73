namespace ClipCore.Cli.Results;

/// <summary>Accuracy by group, over all images, and of the worst group.</summary>
sealed record GroupResults(GroupShare[] Groups, double Full, double Worst);

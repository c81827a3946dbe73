namespace ClipCore.Cli.Results;

/// <summary>A group of images and the share of it that is right.</summary>
sealed record GroupShare(int Class, int Attribute, double Accuracy);

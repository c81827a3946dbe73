namespace ClipCore.Cli.Results;

/// <summary>What the atlas tells of a head.</summary>
sealed record AtlasHead(
    int Rank, string? Label, double? Consistency, Dictionary<string, double> Factors, AtlasText[] Texts,
    Dictionary<string, double> MeanEffectOnClasses);

namespace ClipCore.Reports.Retrieval;

/// <summary>How many queries of a kind were answered among the first images.</summary>
/// <param name="Queries">How many queries of which kind, such as "120 captions".</param>
/// <param name="At1">Share answered by the first image, from 0 to 1.</param>
/// <param name="At5">Share answered within the first five.</param>
/// <param name="At10">Share answered within the first ten.</param>
public sealed record RecallRow(string Queries, double At1, double At5, double At10);

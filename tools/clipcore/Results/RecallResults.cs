using System.Text.Json.Serialization;

namespace ClipCore.Cli.Results;

/// <summary>Share of the queries that were answered within the first 1, 5 and 10 images.</summary>
sealed record RecallResults(
    int Queries, [property: JsonPropertyName("recall@1")] double At1, [property: JsonPropertyName("recall@5")] double At5,
    [property: JsonPropertyName("recall@10")] double At10);

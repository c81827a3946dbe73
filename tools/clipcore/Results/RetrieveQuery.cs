namespace ClipCore.Cli.Results;

/// <summary>One term of a query.</summary>
sealed record RetrieveQuery(string Kind, string Query, string[] Components);

namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore export</c>.</summary>
sealed record ExportResults(int Images, string[] Written);

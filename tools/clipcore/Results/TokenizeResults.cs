namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore tokenize</c>.</summary>
sealed record TokenizeResults(int Context, string[] Texts, int[][] Ids);

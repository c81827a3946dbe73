namespace ClipCore.Cli.Results;

/// <summary>Heads drawn at random, replaced in place of the chosen ones.</summary>
sealed record RandomHeadsResults(int Seed, string[] Heads, GroupResults Replaced);

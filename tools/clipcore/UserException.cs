namespace ClipCore.Cli;

/// <summary>Something the user gave can't be used. The message names it, says what was wrong and what to do.</summary>
sealed class UserException(string message) : Exception(message);

namespace ClipCore.Cli.Options;

/// <summary>Values of options that must not be empty or out of range.</summary>
static class Given
{
    /// <summary>A path, not empty.</summary>
    public static string Path(string option, string value) =>
        value.Length > 0 ? value : throw new UserException($"{option} is empty: name a file or folder.");

    /// <summary>A whole number of at least one.</summary>
    public static int AtLeastOne(string option, int value) => value >= 1 ? value : throw new UserException($"{option} {value} must be at least 1.");

    /// <summary>A whole number within bounds.</summary>
    public static int Within(string option, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new UserException($"{option} {value} must lie in {least} … {most}.");
}

namespace ClipCore.Cli;

/// <summary>What the program tells the shell when it ends.</summary>
static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A check failed: results were computed and are not what was expected.</summary>
    public const int CheckFailed = 1;

    /// <summary>What the user gave can't be used.</summary>
    public const int BadInput = 2;

    /// <summary>Done but for some inputs, which were skipped and listed.</summary>
    public const int Partly = 3;

    /// <summary>A fault of the program.</summary>
    public const int Internal = 70;

    /// <summary>Interrupted by Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM: 128 + SIGTERM.</summary>
    public const int Terminated = 143;
}

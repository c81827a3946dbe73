using System.Diagnostics;

namespace ClipCore.Tests.Cli;

/// <summary>The command line as a process of its own, for what only a process shows: signals, limits, shells.</summary>
static class CliProcess
{
    static string Dll => Path.Combine(AppContext.BaseDirectory, "ClipCore.Cli.dll");

    static string Host => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Starts the program, on Linux with no signal ignored: a shell's background job would pass on that it ignores SIGINT.</summary>
    public static Process Start(params string[] args) =>
        OperatingSystem.IsLinux() ? StartFile("env", ["--default-signal", Host, Dll, .. args]) : StartFile(Host, [Dll, .. args]);

    /// <summary>Writes a script that starts the program under a name of its own.</summary>
    public static string Write(TemporaryFolder folder, string name)
    {
        string path = folder.Write(name, $"#!/bin/sh\nexec '{Host}' '{Dll}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Runs any file to its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(string file, params string[] args)
    {
        using Process process = StartFile(file, args);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    static Process StartFile(string file, string[] args)
    {
        ProcessStartInfo start = new(file) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in args)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}

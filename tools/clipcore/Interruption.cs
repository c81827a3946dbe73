using System.Runtime.InteropServices;

namespace ClipCore.Cli;

/// <summary>
/// Ctrl-C and SIGTERM as a cancellation: work stops at its next safe place and takes back what is not finished. A second signal ends the process at once.
/// </summary>
sealed class Interruption : IDisposable
{
    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration _interrupt, _terminate;
    volatile int _exitCode = ExitCode.Interrupted;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, ExitCode.Terminated));
    }

    /// <summary>What long work looks at.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that belongs to the signal.</summary>
    public int Code => _exitCode;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    void Cancel(PosixSignalContext context, int code)
    {
        if (_source.IsCancellationRequested)
            return;
        context.Cancel = true;
        _exitCode = code;
        _source.Cancel();
    }
}

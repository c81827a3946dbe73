using System.CommandLine;

namespace ClipCore.Cli.Options;

/// <summary>How a command says what it does.</summary>
static class CommandActions
{
    extension(Command command)
    {
        /// <summary>What the command does; a token ends it where the user interrupts.</summary>
        /// <param name="run">Gives an <see cref="ExitCode"/>.</param>
        public void OnRun(Func<ParseResult, CancellationToken, int> run) =>
            command.SetAction((result, cancellation) => Task.FromResult(run(result, cancellation)));

        /// <summary>What the command does where it either succeeds or throws.</summary>
        public void OnRun(Action<ParseResult, CancellationToken> run) => command.OnRun((result, cancellation) =>
        {
            run(result, cancellation);
            return ExitCode.Done;
        });
    }
}

using System.Text;
using ClipCore.Files;
using ClipCore.Reports.Plots;

namespace ClipCore.Cli.Report.Plots;

/// <summary>The option that writes a plot.</summary>
sealed class PlotOutput
{
    readonly System.CommandLine.Option<string?> _option = new("--plot") { Description = "Write the plot.", HelpName = "FILE.svg" };

    /// <summary>Adds the option to a command.</summary>
    public PlotOutput(System.CommandLine.Command command) => command.Options.Add(_option);

    /// <summary>Writes the plot, if it was asked for; whole or not at all.</summary>
    public void Write(System.CommandLine.ParseResult result, Func<Plot> draw)
    {
        if (result.GetValue(_option) is not { } path)
            return;
        using OutputFile file = new(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(draw().ToSvg()));
        file.Commit();
    }
}

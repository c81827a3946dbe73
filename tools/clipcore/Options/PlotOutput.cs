using System.CommandLine;
using System.Text;
using ClipCore.Files;
using ClipCore.Reports.Plots;

namespace ClipCore.Cli.Options;

/// <summary>The option <c>--plot FILE</c>: a plot as SVG.</summary>
sealed class PlotOutput
{
    readonly Option<string?> _option = new("--plot") { Description = "Write a plot.", HelpName = "FILE.svg" };

    /// <summary>Adds the option to a command.</summary>
    public PlotOutput(Command command) => command.Options.Add(_option);

    /// <summary>Draws and writes it, if it was asked for.</summary>
    /// <returns>The file; none where nothing was asked for.</returns>
    public string[] Write(ParseResult result, Func<Plot> draw)
    {
        if (result.GetValue(_option) is not { } path)
            return [];
        using OutputFile file = new(Given.Path("--plot", path));
        file.Stream.Write(Encoding.UTF8.GetBytes(draw().ToString()));
        file.Commit();
        return [path];
    }
}

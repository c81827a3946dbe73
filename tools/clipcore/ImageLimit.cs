using System.CommandLine;
using ClipCore.Images;

namespace ClipCore.Cli;

/// <summary>The option that bounds the size of pictures.</summary>
sealed class ImageLimit
{
    readonly Option<double?> _option = new("--max-megapixels")
    {
        Description = "Refuse larger pictures before decoding them (default 64).",
        HelpName = "N",
    };

    /// <summary>Adds the option to a command.</summary>
    public ImageLimit(Command command) => command.Options.Add(_option);

    /// <summary>The limit in pixels.</summary>
    public long Read(ParseResult result) => result.GetValue(_option) switch
    {
        null => ImageDecoder.DefaultMaxPixels,
        > 0 and <= 1e6 and { } megapixels => (long)(megapixels * 1e6),
        { } other => throw new UserException(FormattableString.Invariant($"--max-megapixels {other} must be above 0 and at most a million.")),
    };
}

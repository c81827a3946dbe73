using System.CommandLine;
using ClipCore.Images;

namespace ClipCore.Cli.Options;

/// <summary>The options about pictures that can't be read, or are too large to be meant.</summary>
sealed class ImageLimit
{
    readonly Option<double?> _limit = new("--max-megapixels")
    {
        Description = "Refuse larger pictures before decoding them (default 64).",
        HelpName = "N",
    };

    readonly Option<bool> _strict = new("--strict") { Description = "Stop at a picture that can't be read, in place of skipping and listing it." };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="many">Whether it reads many pictures, so that one may be skipped.</param>
    public ImageLimit(Command command, bool many = true)
    {
        command.Options.Add(_limit);
        if (many)
            command.Options.Add(_strict);
    }

    /// <summary>The limit in pixels.</summary>
    public long Read(ParseResult result) => result.GetValue(_limit) switch
    {
        null => ImageDecoder.DefaultMaxPixels,
        > 0 and <= 1e6 and { } megapixels => (long)(megapixels * 1e6),
        { } other => throw new UserException(FormattableString.Invariant($"--max-megapixels {other} must be above 0 and at most a million.")),
    };

    /// <summary>Whether a picture that can't be read ends the command.</summary>
    public bool IsStrict(ParseResult result) => result.GetValue(_strict);
}

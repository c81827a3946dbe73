using System.CommandLine;

namespace ClipCore.Cli;

/// <summary>The images of a command: picture files, or ready pixels in a <c>.npy</c> file.</summary>
sealed class PixelArguments
{
    readonly Argument<string[]> _images = new("image")
    {
        Description = "PNG or JPEG files.",
        Arity = ArgumentArity.ZeroOrMore,
        HelpName = "IMAGE",
    };

    readonly Option<string?> _pixels = new("--pixels")
    {
        Description = "Normalised pixels [b, 3, h, w] in place of picture files.",
        HelpName = "FILE.npy",
    };

    readonly ImageLimit _limit;

    /// <summary>Adds the argument and the options to a command.</summary>
    public PixelArguments(Command command)
    {
        command.Arguments.Add(_images);
        command.Options.Add(_pixels);
        _limit = new ImageLimit(command);
    }

    /// <summary>Whether any were given.</summary>
    public bool AreGiven(ParseResult result) => result.GetValue(_pixels) != null || result.GetValue(_images) is { Length: > 0 };

    /// <summary>Opens what was given; it is read batch by batch.</summary>
    public PixelSource Open(ParseResult result, ClipModel model)
    {
        string[] images = result.GetValue(_images) ?? [];
        string? pixels = result.GetValue(_pixels);
        if (images.Length == 0 && pixels == null)
            throw new UserException("no image was given: name PNG or JPEG files, or --pixels FILE.npy.");
        if (images.Length > 0 && pixels != null)
            throw new UserException("images and --pixels were both given: take one of them.");
        return pixels != null ? new NpyPixels(pixels, model.Config.Vision!.ImageSize) : new PictureFiles(images, model.Preprocessor, _limit.Read(result));
    }
}

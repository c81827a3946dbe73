using System.CommandLine;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.DataSets;

namespace ClipCore.Cli.Options;

/// <summary>The images of a command: picture files, folders, lists, paths from stdin, or ready pixels in a <c>.npy</c> file.</summary>
sealed class ImageArguments
{
    static readonly string[] s_pictures = [".png", ".jpg", ".jpeg"];

    readonly Argument<string[]> _images = new("image")
    {
        Description = "PNG or JPEG files, folders of them, lists (.csv, .tsv, .json, .jsonl), or - for paths from stdin, one a line.",
        Arity = ArgumentArity.ZeroOrMore,
        HelpName = "IMAGE",
    };

    readonly Option<string?> _data = new("--data") { Description = "The same as an argument: pictures, a folder or a list.", HelpName = "DATA" };

    readonly Option<string?>? _pixels;

    /// <summary>Adds the argument and the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="pixels">Whether ready pixels help it.</param>
    public ImageArguments(Command command, bool pixels = true)
    {
        command.Arguments.Add(_images);
        command.Options.Add(_data);
        if (pixels)
        {
            _pixels = new Option<string?>("--pixels")
            {
                Description = "Normalised pixels [b, 3, h, w] or [3, h, w] in place of pictures.",
                HelpName = "FILE.npy",
            };
            command.Options.Add(_pixels);
        }
        Limit = new ImageLimit(command);
    }

    /// <summary>The options about pictures.</summary>
    public ImageLimit Limit { get; }

    /// <summary>Whether any were given.</summary>
    public bool AreGiven(ParseResult result) => Pixels(result) != null || result.GetValue(_data) != null || result.GetValue(_images) is { Length: > 0 };

    /// <summary>The pictures that were given.</summary>
    public ImageSet ReadSet(ParseResult result)
    {
        string[] words = [.. result.GetValue(_images) ?? [], .. result.GetValue(_data) is { } data ? [Given.Path("--data", data)] : Array.Empty<string>()];
        if (words.Length == 0)
            throw new UserException($"no image was given: name PNG or JPEG files, a folder, a list{(_pixels == null ? "" : ", or --pixels FILE.npy")}.");
        if (words.Contains(""))
            throw new UserException("an image's name is empty: name a picture, a folder or a list.");
        if (words is [var one] && one != "-" && !IsPicture(one))
            return Pictures(one);
        List<ImageEntry> entries = [];
        foreach (string word in words)
            entries.AddRange(Entries(word));
        return new ImageSet(words.Length == 1 ? words[0] : $"{entries.Count} images", entries);
    }

    /// <summary>Opens what was given; it is read batch by batch.</summary>
    public PixelSource Open(ParseResult result, ClipModel model)
    {
        string? pixels = Pixels(result);
        if (pixels != null && (result.GetValue(_data) != null || result.GetValue(_images) is { Length: > 0 }))
            throw new UserException("images and --pixels were both given: take one of them.");
        return pixels != null ? new NpyPixels(pixels, model.VisionConfig.ImageSize)
            : new PicturePixels(ReadSet(result), model.Preprocessor, Limit.Read(result), Limit.IsStrict(result));
    }

    /// <summary>Pictures alone are of interest: what labels there are may be called anything.</summary>
    public static ImageSet Pictures(string path) => ImageSetReader.Open(path, new ImageSetOptions { LabelsAreNames = true });

    string? Pixels(ParseResult result) => _pixels != null && result.GetValue(_pixels) is { } path ? Given.Path("--pixels", path) : null;

    static bool IsPicture(string word) => s_pictures.Contains(Path.GetExtension(word).ToLowerInvariant()) && !Directory.Exists(word);

    static IEnumerable<ImageEntry> Entries(string word)
    {
        if (word == "-")
        {
            string[] lines = [.. Lines(Console.In)];
            return lines.Length > 0 ? lines.SelectMany(Entries) : throw new UserException("stdin named no image: write one path a line.");
        }
        return IsPicture(word) ? [new ImageEntry(ImageSource.OfFile(word))] : Pictures(word).Entries;
    }

    static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
            if (line.Trim().Length > 0)
                yield return line.Trim();
    }
}

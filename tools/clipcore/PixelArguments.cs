using System.CommandLine;
using ClipCore.Images;
using ClipCore.Npy;

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
        return pixels != null ? new NpyPixels(pixels, model.Config.Vision!.ImageSize) : new PictureFiles(images, model.Preprocessor!, _limit.Read(result));
    }
}

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

/// <summary>Images of a command, read batch by batch.</summary>
abstract class PixelSource : IDisposable
{
    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>What an image is called in results.</summary>
    public abstract string Name(int image);

    /// <summary>Reads normalised pixels of one image. [3, size, size]</summary>
    public abstract void Read(int image, Span<float> pixels);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Hands the images over in batches, with progress on stderr.</summary>
    /// <param name="model">Whose pixels they are.</param>
    /// <param name="what">What is done to them, for the progress line.</param>
    /// <param name="body">Takes the index of the first image and the pixels. [b, 3, size, size]</param>
    public void ForEachBatch(ClipModel model, string what, BatchAction body)
    {
        const int Images = 8;
        float[] pixels = new float[(long)Math.Min(Images, Count) * model.PixelCount];
        using Progress progress = new(what, "images", Count);
        for (int first = 0; first < Count; first += Images)
        {
            int count = Math.Min(Images, Count - first);
            for (int i = 0; i < count; i++)
                Read(first + i, pixels.AsSpan(i * model.PixelCount, model.PixelCount));
            body(first, pixels.AsSpan(0, count * model.PixelCount));
            progress.Report(first + count);
        }
    }

    /// <summary>Takes a batch.</summary>
    public delegate void BatchAction(int first, ReadOnlySpan<float> pixels);
}

/// <summary>Picture files.</summary>
sealed class PictureFiles(string[] paths, ImagePreprocessor preprocessor, long maxPixels) : PixelSource
{
    public override int Count => paths.Length;

    public override string Name(int image) => paths[image];

    public override void Read(int image, Span<float> pixels) =>
        preprocessor.Normalize(preprocessor.Prepare(ImageDecoder.Load(paths[image], maxPixels)).Rgb, pixels);
}

/// <summary>Ready pixels.</summary>
sealed class NpyPixels : PixelSource
{
    readonly string _path;
    readonly NpyFile _file;

    public NpyPixels(string path, int size)
    {
        _path = path;
        _file = NpyFile.Open(path);
        ReadOnlySpan<long> shape = _file.Shape;
        if (shape.Length != 4 || shape[0] == 0 || shape[1] != 3 || shape[2] != size || shape[3] != size)
        {
            string found = string.Join(", ", shape.ToArray());
            _file.Dispose();
            throw new UserException($"{path} has the shape [{found}], but the model takes [images, 3, {size}, {size}].");
        }
        Count = checked((int)shape[0]);
    }

    public override int Count { get; }

    public override string Name(int image) => $"{_path}[{image}]";

    public override void Read(int image, Span<float> pixels)
    {
        _file.ReadRows(image, pixels);
        int bad = 0;
        while (bad < pixels.Length && float.IsFinite(pixels[bad]))
            bad++;
        if (bad < pixels.Length)
            throw new UserException(FormattableString.Invariant(
                $"{_path} holds pixels that are not finite: image {image}, element {bad} is {pixels[bad]}; make them anew from the pictures."));
    }

    public override void Dispose() => _file.Dispose();
}

using System.CommandLine;
using ClipCore.Npy;

namespace ClipCore.Cli;

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

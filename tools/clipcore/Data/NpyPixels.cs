using ClipCore.Npy;

namespace ClipCore.Cli.Data;

/// <summary>Ready pixels.</summary>
sealed class NpyPixels : PixelSource
{
    readonly string _path;
    readonly NpyFile _file;
    readonly int _length;

    /// <summary>Opens a file of pixels [b, 3, size, size], or [3, size, size] for one image, as <c>preprocess</c> writes it.</summary>
    public NpyPixels(string path, int size)
    {
        _path = path;
        _file = NpyFile.Open(path);
        long[] shape = _file.Shape.ToArray();
        bool isOne = shape.Length == 3;
        if (!(shape is [> 0, 3, var rows, var columns] ? rows == size && columns == size : shape is [3, var height, var width] && height == size
            && width == size))
        {
            _file.Dispose();
            throw new UserException(
                $"{path} has the shape [{string.Join(", ", shape)}], but the model takes [images, 3, {size}, {size}], or [3, {size}, {size}] for one.");
        }
        Count = isOne ? 1 : checked((int)shape[0]);
        _length = 3 * size * size;
        IsOne = isOne;
    }

    public override int Count { get; }

    public override string DataName => _path;

    bool IsOne { get; }

    public override string Name(int image) => IsOne ? _path : $"{_path}[{image}]";

    public override void Dispose() => _file.Dispose();

    protected override IEnumerable<PixelBatch> Batches(CancellationToken cancellation)
    {
        for (int first = 0; first < Count; first += BatchSize)
        {
            int count = Math.Min(BatchSize, Count - first);
            float[] pixels = new float[count * _length];
            for (int i = 0; i < count; i++)
                Read(first + i, pixels.AsSpan(i * _length, _length));
            yield return new PixelBatch([.. Enumerable.Range(first, count)], pixels);
        }
    }

    void Read(int image, Span<float> pixels)
    {
        // A picture alone lies in the file as its three channels, one after the other.
        int rows = IsOne ? 3 : 1, length = _length / rows;
        for (int row = 0; row < rows; row++)
            _file.ReadRows(IsOne ? row : image, pixels.Slice(row * length, length));
        for (int bad = 0; bad < pixels.Length; bad++)
            if (!float.IsFinite(pixels[bad]))
                throw new UserException(FormattableString.Invariant(
                    $"{_path} holds pixels that are not finite: image {image}, element {bad} is {pixels[bad]}; make them anew from the pictures."));
    }
}

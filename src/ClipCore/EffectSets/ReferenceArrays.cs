using ClipCore.Npy;

namespace ClipCore.EffectSets;

/// <summary>
/// A folder of the arrays that the paper's scripts write: plain (<c>attn.npy</c> [n, L, H, e], <c>mlp.npy</c> [n, L + 1, e], <c>cls_attn.npy</c> [n, L, e],
/// <c>classifier.npy</c> [e, c], <c>labels.npy</c>, <c>texts.npy</c> [t, e]), or under the scripts' own names (<c>imagenet_attn_ViT-B-16.npy</c> and so on).
/// The large ones are read image by image.
/// </summary>
/// <remarks>Reading is safe for many threads.</remarks>
public sealed class ReferenceArrays : EffectSet
{
    readonly NpyFile _heads, _mlps;
    readonly NpyFile? _classAttention;

    ReferenceArrays(NpyFile heads, NpyFile mlps, NpyFile? classAttention) => (_heads, _mlps, _classAttention) = (heads, mlps, classAttention);

    /// <inheritdoc/>
    public override int ImageCount => (int)_heads.Shape[0];

    /// <inheritdoc/>
    public override int LayerCount => (int)_heads.Shape[1];

    /// <inheritdoc/>
    public override int HeadCount => (int)_heads.Shape[2];

    /// <inheritdoc/>
    public override int EmbedWidth => (int)_heads.Shape[3];

    /// <inheritdoc/>
    public override bool HasClassAttention => _classAttention != null;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="IOException">A file is missing or damaged, or the arrays do not fit each other.</exception>
    public static ReferenceArrays Open(string folder)
    {
        string attention = Find(folder, "attn") ?? throw new FileNotFoundException(
            $"{folder} has no attn.npy and no …_attn_….npy: name a folder of the paper's arrays.");
        string mlp = Find(folder, "mlp")
            ?? throw new FileNotFoundException($"{folder} has no mlp.npy and no …_mlp_….npy beside {Path.GetFileName(attention)}.");
        List<NpyFile> opened = [];
        try
        {
            NpyFile heads = Open(opened, attention), mlps = Open(opened, mlp);
            NpyFile? classAttention = Find(folder, "cls_attn") is { } path ? Open(opened, path) : null;
            long[] shape = heads.Shape.ToArray();
            if (shape.Length != 4 || shape.Any(size => size is < 1 or > int.MaxValue)
                || (UInt128)shape[1] * (UInt128)shape[2] * (UInt128)shape[3] > (UInt128)Array.MaxLength)
                throw new InvalidDataException(
                    $"{attention} has the shape [{string.Join(", ", shape)}], "
                    + "but effects of heads are [images, layers, heads, width]; sum over the tokens first.");
            Require(mlp, mlps, [shape[0], shape[1] + 1, shape[3]]);
            if (classAttention != null)
                Require(Find(folder, "cls_attn")!, classAttention, [shape[0], shape[1], shape[3]]);
            (int[]? labels, int[]? attributes) = ReadLabels(folder, (int)shape[0]);
            return new ReferenceArrays(heads, mlps, classAttention) { Labels = labels, Attributes = attributes };
        }
        catch
        {
            foreach (NpyFile file in opened)
                file.Dispose();
            throw;
        }
    }

    /// <summary>The classifier of a folder as rows. [c, e]</summary>
    /// <exception cref="IOException">There is none, or its shape does not fit.</exception>
    public static float[] ReadClassifier(string folder, int embedWidth)
    {
        string path = Find(folder, "classifier") ?? throw new FileNotFoundException($"{folder} has no classifier.npy [{embedWidth}, classes].");
        return ReadClassifierFile(path, embedWidth);
    }

    /// <summary>A classifier file [e, c] as rows. [c, e]</summary>
    /// <exception cref="IOException">Its shape does not fit.</exception>
    public static float[] ReadClassifierFile(string path, int embedWidth)
    {
        NpyArray<float> array = NpyFile.ReadSingle(path);
        if (array.Shape.Length != 2 || array.Shape[0] != embedWidth || array.Shape[1] == 0)
            throw new InvalidDataException(
                $"{path} has the shape [{string.Join(", ", array.Shape)}], but the classifier of these arrays is [{embedWidth}, classes].");
        int classes = array.Shape[1];
        float[] rows = new float[array.Data.Length];
        for (int j = 0; j < embedWidth; j++)
            for (int c = 0; c < classes; c++)
                rows[(c * embedWidth) + j] = array.Data[(j * classes) + c];
        return rows;
    }

    /// <summary>The text representations of a folder. [t, e]</summary>
    /// <exception cref="IOException">There are none, or their width does not fit.</exception>
    public static float[] ReadTexts(string folder, int embedWidth)
    {
        string path = Find(folder, "texts") ?? throw new FileNotFoundException($"{folder} has no texts.npy [texts, {embedWidth}].");
        NpyArray<float> texts = NpyFile.ReadSingle(path);
        return texts.Shape.Length == 2 && texts.Shape[1] == embedWidth && texts.Shape[0] > 0 ? texts.Data
            : throw new InvalidDataException(
                $"{path} has the shape [{string.Join(", ", texts.Shape)}], but texts for these effects are [texts, {embedWidth}].");
    }

    /// <summary>The path of one of the arrays, under its plain name or the scripts' own; null where it is absent.</summary>
    /// <exception cref="InvalidDataException">Several files have the scripts' name for it.</exception>
    public static string? Find(string folder, string kind)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The folder {folder} does not exist.");
        string plain = Path.Combine(folder, $"{kind}.npy");
        if (File.Exists(plain))
            return plain;
        string[] found =
        [
            .. Directory.GetFiles(folder, $"*_{kind}_*.npy")
                .Where(path => kind != "attn" || !Path.GetFileName(path).Contains("_cls_attn_", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
        return found.Length <= 1 ? found.FirstOrDefault()
            : throw new InvalidDataException(
                $"{folder} has several files for {kind}: {string.Join(", ", found.Select(Path.GetFileName))}; keep one data set and model in a folder.");
    }

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        _heads.ReadRows(image, heads);
        _mlps.ReadRows(image, mlps);
        if (classAttention.Length > 0)
            (_classAttention ?? throw new InvalidOperationException("This set has no class-token attention.")).ReadRows(image, classAttention);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _heads.Dispose();
        _mlps.Dispose();
        _classAttention?.Dispose();
    }

    static NpyFile Open(List<NpyFile> opened, string path)
    {
        NpyFile file = NpyFile.Open(path);
        opened.Add(file);
        return file;
    }

    static void Require(string path, NpyFile file, long[] shape)
    {
        if (!file.Shape.SequenceEqual(shape))
            throw new InvalidDataException(
                $"{path} has the shape [{string.Join(", ", file.Shape.ToArray())}], but [{string.Join(", ", shape)}] belongs to the attention beside it.");
    }

    static (int[]? Labels, int[]? Attributes) ReadLabels(string folder, int images)
    {
        if (Find(folder, "labels") is not { } path)
            return (null, null);
        NpyArray<long> array = ReadIntegers(path);
        // The scripts leave an axis of one behind the columns.
        int columns = array.Data.Length / images;
        if (array.Shape.Length == 0 || array.Shape[0] != images || columns is not (1 or 2))
            throw new InvalidDataException(
                $"{path} has the shape [{string.Join(", ", array.Shape)}], "
                + $"but {images} images need [{images}], or [{images}, 2] for a class and an attribute.");
        int Number(long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value
            : throw new InvalidDataException($"{path} holds {value}, which is no index of a class.");
        int[] Column(int column) => [.. Enumerable.Range(0, images).Select(i => Number(array.Data[(i * columns) + column]))];
        return (Column(0), columns == 2 ? Column(1) : null);
    }

    static NpyArray<long> ReadIntegers(string path)
    {
        try
        {
            return NpyFile.ReadInt64(path);
        }
        catch (OverflowException exception)
        {
            throw new InvalidDataException($"{path} holds a number that is no index of a class.", exception);
        }
    }
}

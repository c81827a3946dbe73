using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Images;
using ClipCore.Numerics;

namespace ClipCore.Segmentation;

/// <summary>
/// Zero-shot masks: which patches speak for the predicted class over the mean of all classes (arXiv 2310.05916, section 5). Safe for many threads as long as
/// none disposes it.
/// </summary>
public sealed class Segmenter : IDisposable
{
    readonly IImageModel _model;
    readonly LinearClassifier _classes;
    readonly SegmentationOptions _options;
    readonly Dictionary<int, EffectDirections> _directions = [];
    readonly Lock _gate = new();
    readonly float[] _mean;
    readonly int _side, _patchSize;

    /// <summary>A segmenter.</summary>
    /// <param name="model">The model; it stays open when the segmenter is disposed.</param>
    /// <param name="classes">The classes; the direction of a text alone where there is only one.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The classes are of another width than the model's.</exception>
    public Segmenter(IImageModel model, LinearClassifier classes, SegmentationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classes);
        if (classes.EmbedWidth != model.EmbedWidth)
            throw new ArgumentException(
                $"The classes have {classes.EmbedWidth} floats, but the model's space has {model.EmbedWidth}: they belong to different models.",
                nameof(classes));
        (_model, _classes, _options) = (model, classes, options ?? new SegmentationOptions());
        _patchSize = model.VisionConfig.PatchSize;
        _side = model.VisionConfig.ImageSize / _patchSize;
        _mean = Mean();
    }

    /// <summary>Segments one picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="truth">Which of its pixels show the object, in the picture's shape; null where that is not known.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="DataSetException">The truth has not the picture's shape, or not as many labels as pixels.</exception>
    /// <exception cref="IOException">The picture is missing or unreadable.</exception>
    public SegmentedImage Segment(ImageSource picture, ObjectMask? truth = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ImagePreprocessor preprocessor = _model.Preprocessor;
        float[] pixels = new float[preprocessor.PixelCount];
        PreparedImage prepared = preprocessor.Prepare(Decode(picture));
        preprocessor.Normalize(prepared.Rgb, pixels);
        ObjectMask? seen = truth == null ? null : Seen(picture.Name, truth, prepared);
        int best = 0;
        (DirectEffects effects, AttentionMaps attention) = _model.DecomposeWithAttention(pixels, representation => Directions(best = Predict(representation)));
        HeatmapMask mask = Mask(Map(effects));
        Dictionary<SegmentationMethod, MaskScore> scores = [];
        if (seen != null)
            foreach (SegmentationMethod method in _options.Methods)
                scores[method] = Mask(method, mask, attention, best).Score(seen);
        return new SegmentedImage(best, mask, seen, scores);
    }

    /// <summary>Frees the directions of the classes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (EffectDirections directions in _directions.Values)
                directions.Dispose();
            _directions.Clear();
        }
    }

    DecodedImage Decode(ImageSource picture)
    {
        using Stream stream = picture.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return ImageDecoder.Decode(bytes.ToArray(), picture.Name, _options.MaxPixels);
    }

    HeatmapMask Mask(float[] map) => HeatmapMask.FromPatches(map, _side, _side, _patchSize);

    HeatmapMask Mask(SegmentationMethod method, HeatmapMask decomposition, AttentionMaps attention, int label) => method switch
    {
        SegmentationMethod.Decomposition => decomposition,
        SegmentationMethod.RawAttention => Mask(attention.Raw),
        SegmentationMethod.Rollout => Mask(attention.Rollout),
        _ => Mask(Along(attention.Values, Direction(label))),
    };

    int Predict(float[] representation)
    {
        double[] scores = new double[_classes.ClassCount];
        _classes.Project((ReadOnlySpan<float>)representation, scores);
        return LinearClassifier.Best(scores);
    }

    EffectDirections Directions(int label)
    {
        lock (_gate)
        {
            if (!_directions.TryGetValue(label, out EffectDirections? directions))
                _directions[label] = directions = _model.CreateDirections(Direction(label));
            return directions;
        }
    }

    float[] Map(DirectEffects effects)
    {
        float[] map = new float[_side * _side];
        for (int patch = 0; patch < map.Length; patch++)
        {
            double sum = 0;
            for (int layer = 0; layer < effects.LayerCount; layer++)
                for (int head = 0; head < effects.HeadCount; head++)
                    sum += effects.Patch(layer, head, patch + 1)[0];
            map[patch] = (float)sum;
        }
        return map;
    }

    static float[] Along(float[] rows, float[] direction)
    {
        float[] map = new float[rows.Length / direction.Length];
        for (int patch = 0; patch < map.Length; patch++)
            map[patch] = (float)OrderedSums.Dot(rows.AsSpan(patch * direction.Length, direction.Length), direction);
        return map;
    }

    /// <summary>A class over the mean of all classes.</summary>
    float[] Direction(int label)
    {
        float[] direction = _classes.Rows.Slice(label * _classes.EmbedWidth, _classes.EmbedWidth).ToArray();
        for (int j = 0; j < direction.Length; j++)
            direction[j] -= _mean[j];
        return direction;
    }

    /// <summary>The mean of the classes; zero where there is only one.</summary>
    float[] Mean()
    {
        float[] mean = new float[_classes.EmbedWidth];
        if (_classes.ClassCount == 1)
            return mean;
        for (int j = 0; j < mean.Length; j++)
        {
            double sum = 0;
            for (int c = 0; c < _classes.ClassCount; c++)
                sum += _classes.Rows[(c * mean.Length) + j];
            mean[j] = (float)(sum / _classes.ClassCount);
        }
        return mean;
    }

    /// <summary>The truth in the model's square, pixel by pixel the nearest; what lies outside the picture is left out of every count.</summary>
    ObjectMask Seen(string name, ObjectMask truth, PreparedImage picture)
    {
        if (truth.Width < 1 || truth.Height < 1 || truth.Labels.Length != (long)truth.Width * truth.Height)
            throw new DataSetException(
                $"{name}: its mask says {truth.Width} × {truth.Height} pixels, but has {truth.Labels.Length} labels: give one label for each pixel.");
        bool isReference = _options.Protocol == MaskProtocol.Reference;
        int width = picture.OriginalWidth, height = picture.OriginalHeight;
        if (!isReference && Math.Abs(((long)truth.Width * height) - ((long)truth.Height * width)) > Math.Max(width, height))
            throw new DataSetException(
                $"{name} is {width} × {height}, but its mask is {truth.Width} × {truth.Height}: a mask must have its picture's shape, "
                + "or be laid over it by MaskProtocol.Reference.");
        double scaleX = (double)truth.Width / width, scaleY = (double)truth.Height / height;
        PictureRectangle seen = isReference ? new PictureRectangle(0, 0, truth.Width, truth.Height)
            : new PictureRectangle(picture.Seen.X * scaleX, picture.Seen.Y * scaleY, picture.Seen.Width * scaleX, picture.Seen.Height * scaleY);
        int size = picture.Size;
        sbyte[] labels = new sbyte[size * size];
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
            {
                double fromX = Math.Floor(seen.X + ((x + 0.5) * seen.Width / size)), fromY = Math.Floor(seen.Y + ((y + 0.5) * seen.Height / size));
                bool isOutside = fromX < 0 || fromY < 0 || fromX >= truth.Width || fromY >= truth.Height;
                labels[(y * size) + x] = isOutside ? (sbyte)-1 : truth.Labels[((int)fromY * truth.Width) + (int)fromX];
            }
        return new ObjectMask(size, size, labels);
    }
}

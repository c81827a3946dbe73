using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.Images;
using ClipCore.Reports.Pictures;
using ClipCore.Segmentation;

namespace ClipCore.Cli.Commands;

/// <summary>Makes masks: the effects of all heads from each patch on the predicted class over the mean of the classes.</summary>
sealed class Segmenter(ClipModel model, Classifier classifier, bool squash, long maxPixels) : IDisposable
{
    readonly Dictionary<int, EffectDirections> _directions = [];
    readonly int _side = model.Config.Vision!.ImageSize / model.Config.Vision.PatchSize;

    /// <summary>Segments one picture.</summary>
    public SegmentedImage Run(ImageEntry entry)
    {
        ImagePreprocessor preprocessor = model.Preprocessor;
        float[] pixels = new float[preprocessor.PixelCount];
        DecodedImage picture = ImageDecoder.Load(entry.Path, maxPixels);
        preprocessor.Normalize(preprocessor.Prepare(picture).Rgb, pixels);
        int best = 0;
        (DirectEffects effects, AttentionMaps attention) = model.DecomposeWithAttention(pixels, representation => Directions(best = Predict(representation)));
        float[] map = Map(effects);
        HeatmapMask mask = Mask(map);
        if (entry.Mask == null)
            return new SegmentedImage(best, mask, null);

        int[] labels = Truth(entry.Mask, picture);
        float[] values = new float[map.Length], direction = Direction(best);
        for (int patch = 0; patch < values.Length; patch++)
            for (int j = 0; j < model.EmbedWidth; j++)
                values[patch] += attention.Values[(patch * model.EmbedWidth) + j] * direction[j];
        return new SegmentedImage(best, mask, [mask.Score(labels), Mask(attention.Raw).Score(labels), Mask(attention.Rollout).Score(labels), Mask(values).Score(labels)]);
    }

    public void Dispose()
    {
        foreach (EffectDirections directions in _directions.Values)
            directions.Dispose();
    }

    HeatmapMask Mask(float[] map) => HeatmapMask.FromPatches(map, _side, _side, model.Config.Vision!.PatchSize);

    int Predict(float[] representation)
    {
        float[] logits = model.Logits(representation, classifier.Rows);
        int best = 0;
        for (int c = 1; c < logits.Length; c++)
            if (logits[c] > logits[best])
                best = c;
        return best;
    }

    EffectDirections Directions(int label) =>
        _directions.TryGetValue(label, out EffectDirections? directions) ? directions : _directions[label] = model.CreateDirections(Direction(label));

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

    /// <summary>A class over the mean of all classes; a text alone where there is only one.</summary>
    float[] Direction(int label)
    {
        int width = model.EmbedWidth, classes = classifier.Names.Length;
        float[] direction = new float[width];
        for (int j = 0; j < width; j++)
        {
            double mean = 0;
            for (int c = 0; c < classes; c++)
                mean += classifier.Rows[(c * width) + j];
            direction[j] = (float)(classifier.Rows[(label * width) + j] - (classes > 1 ? mean / classes : 0));
        }
        return direction;
    }

    /// <summary>The mask in the model's square: 1 where it is not 0.</summary>
    int[] Truth(string path, DecodedImage picture)
    {
        DecodedImage mask = ImageDecoder.Load(path, maxPixels);
        if (!squash && Math.Abs(((long)mask.Width * picture.Height) - ((long)mask.Height * picture.Width)) > Math.Max(picture.Width, picture.Height))
            throw new UserException($"{path} is {mask.Width} × {mask.Height}, but its picture is {picture.Width} × {picture.Height}: a mask must have its picture's shape.");
        int size = model.Preprocessor.Config.Size;
        PictureRectangle seen = squash ? new PictureRectangle(0, 0, mask.Width, mask.Height)
            : model.Preprocessor.Prepare(mask).Seen;
        int[] labels = new int[size * size];
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
            {
                int fromX = (int)(seen.X + ((x + 0.5) * seen.Width / size)), fromY = (int)(seen.Y + ((y + 0.5) * seen.Height / size));
                bool outside = fromX < 0 || fromY < 0 || fromX >= mask.Width || fromY >= mask.Height;
                labels[(y * size) + x] = !outside && mask.Pixels[((fromY * mask.Width) + fromX) * mask.Channels] > 0 ? 1 : 0;
            }
        return labels;
    }
}

using System.Globalization;
using ClipCore.Cli.Commands;
using ClipCore.Cli.Data;
using ClipCore.Images;
using ClipCore.Reports.Pictures;

namespace ClipCore.Cli.Report;

/// <summary>Masks over their pictures on one sheet: what the model takes for background is darkened.</summary>
/// <param name="preprocessor">Cuts pictures as the model sees them.</param>
/// <param name="maxPixels">Larger pictures are refused.</param>
sealed class MaskSheet(ImagePreprocessor preprocessor, long maxPixels)
{
    // As many as can be looked at on one sheet; the masks of all are in --out.
    const int MostPictures = 200, SmallTile = 192, Columns = 5, Darkness = 190;

    /// <summary>Draws the sheet.</summary>
    public Canvas Draw(ImageSet images, SegmentedImage[] found, Classifier classifier)
    {
        int shown = Math.Min(found.Length, MostPictures), zoom = Math.Max(1, SmallTile / preprocessor.Config.Size);
        ContactSheet sheet = new(preprocessor.Config.Size * zoom, Columns, shown < found.Length ? $"the first {shown} of {found.Length} pictures" : $"{shown} pictures");
        for (int i = 0; i < shown; i++)
        {
            string fit = found[i].Scores is { } scores ? string.Create(CultureInfo.InvariantCulture, $"{scores[0].Counts.PixelAccuracy:0.0%} right") : "";
            sheet.Add(Picture(images.Entries[i].Path, found[i].Mask.Foreground, zoom), Path.GetFileName(images.Entries[i].Path), classifier.Names[found[i].Class], fit);
        }
        return sheet.Draw();
    }

    Canvas Picture(string path, bool[] foreground, int zoom)
    {
        PreparedImage prepared = preprocessor.Prepare(ImageDecoder.Load(path, maxPixels));
        int size = prepared.Size;
        Canvas canvas = new(size * zoom, size * zoom, Rgb.White);
        canvas.Draw(prepared.Rgb, size, size, 0, 0, zoom);
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
                if (!foreground[(y * size) + x])
                    canvas.Blend(x * zoom, y * zoom, zoom, zoom, Rgb.Black, Darkness);
        return canvas;
    }
}

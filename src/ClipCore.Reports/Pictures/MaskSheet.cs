using ClipCore.Images;

namespace ClipCore.Reports.Pictures;

/// <summary>Masks over their pictures on one sheet: what the model takes for background is darkened. Safe for many threads.</summary>
public static class MaskSheet
{
    // As many as can be looked at on one sheet.
    const int MostPictures = 200, Tile = 192, Columns = 5, Darkness = 190;

    /// <summary>Draws the sheet; of many pictures the first 200, and the title says so.</summary>
    /// <param name="pictures">The pictures, all of one size; read one by one, and none past those shown.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="ArgumentException">A mask has another size than its picture, or a picture than the others.</exception>
    public static Canvas Draw(IEnumerable<MaskPicture> pictures, int count)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ContactSheet? sheet = null;
        string title = count > MostPictures ? $"the first {MostPictures} of {count} pictures" : $"{count} pictures";
        foreach (MaskPicture picture in pictures.Take(MostPictures))
        {
            int zoom = Math.Max(1, Tile / picture.Image.Size);
            sheet ??= new ContactSheet(picture.Image.Size * zoom, Columns, title);
            sheet.Add(Darkened(picture, zoom), picture.Caption);
        }
        return (sheet ?? new ContactSheet(Tile, Columns, title)).Draw();
    }

    static Canvas Darkened(MaskPicture picture, int zoom)
    {
        PreparedImage image = picture.Image;
        if (picture.Foreground.Length != image.Size * image.Size)
            throw new ArgumentException(
                $"A mask of {image.Size} × {image.Size} pixels is needed, but it has {picture.Foreground.Length}.", nameof(picture));
        Canvas canvas = Canvas.Of(image, zoom);
        for (int y = 0; y < image.Size; y++)
            for (int x = 0; x < image.Size; x++)
                if (!picture.Foreground[(y * image.Size) + x])
                    canvas.Blend(x * zoom, y * zoom, zoom, zoom, Rgb.Black, Darkness);
        return canvas;
    }
}

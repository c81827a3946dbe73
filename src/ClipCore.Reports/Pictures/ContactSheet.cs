namespace ClipCore.Reports.Pictures;

/// <summary>Pictures of one size in rows on one sheet, each with lines of caption under it. One thread at a time.</summary>
public sealed class ContactSheet
{
    const int Gap = 12, LineHeight = BitmapFont.LineHeight * 2, Zoom = 2;

    readonly List<(Canvas Picture, string[] Caption)> _tiles = [];
    readonly int _tileWidth;
    readonly int _columns;
    readonly string[] _title;

    /// <summary>An empty sheet.</summary>
    /// <param name="tileWidth">Width of every picture.</param>
    /// <param name="columns">Pictures in a row.</param>
    /// <param name="title">Lines above the pictures.</param>
    public ContactSheet(int tileWidth, int columns, params string[] title)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tileWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (_tileWidth, _columns, _title) = (tileWidth, columns, title);
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="picture">As wide as the sheet's tiles.</param>
    /// <param name="caption">Lines under it; cut off where they are too long.</param>
    /// <exception cref="ArgumentException">The picture has another width.</exception>
    public void Add(Canvas picture, params string[] caption)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Width != _tileWidth)
            throw new ArgumentException($"The picture is {picture.Width} pixels wide, but the sheet's tiles are {_tileWidth}.", nameof(picture));
        _tiles.Add((picture, caption));
    }

    /// <summary>The finished sheet.</summary>
    public Canvas Draw()
    {
        int columns = Math.Clamp(_tiles.Count, 1, _columns), rows = (_tiles.Count + columns - 1) / columns;
        int[] heights = new int[rows];
        for (int i = 0; i < _tiles.Count; i++)
            heights[i / columns] = Math.Max(heights[i / columns], _tiles[i].Picture.Height + (_tiles[i].Caption.Length * LineHeight) + 6);
        int top = Gap + (_title.Length * LineHeight) + (_title.Length > 0 ? Gap / 2 : 0);
        Canvas sheet = new(Gap + (columns * (_tileWidth + Gap)), top + heights.Sum() + (rows * Gap), Rgb.White);
        WriteLines(sheet, _title, Gap, Gap, sheet.Width - (2 * Gap));
        for (int i = 0; i < _tiles.Count; i++)
        {
            (Canvas picture, string[] caption) = _tiles[i];
            int x = Gap + (i % columns * (_tileWidth + Gap)), y = top + heights.Take(i / columns).Sum() + (i / columns * Gap);
            sheet.Draw(picture.Pixels, picture.Width, picture.Height, x, y);
            WriteLines(sheet, caption, x, y + picture.Height + 6, _tileWidth);
        }
        return sheet;
    }

    static void WriteLines(Canvas sheet, string[] lines, int x, int y, int width)
    {
        for (int i = 0; i < lines.Length; i++)
            sheet.Write(Fit(lines[i], width), x, y + (i * LineHeight), Rgb.Black, Zoom);
    }

    /// <summary>A text cut to a width, with dots where something is missing.</summary>
    internal static string Fit(string text, int width)
    {
        int characters = width / Canvas.TextWidth(" ", Zoom);
        return text.Length <= characters ? text : string.Concat(text.AsSpan(0, Math.Max(0, characters - 3)), "...");
    }
}

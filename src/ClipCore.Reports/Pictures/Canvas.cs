using ClipCore.Images;

namespace ClipCore.Reports.Pictures;

/// <summary>A picture to draw on: RGB, 8 bits a channel. What reaches past the edges is cut off. One thread at a time.</summary>
public sealed class Canvas
{
    /// <summary>A canvas of one colour.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="background">Its colour.</param>
    public Canvas(int width, int height, Rgb background)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        (Width, Height) = (width, height);
        Pixels = new byte[checked(width * height * 3)];
        Fill(0, 0, width, height, background);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bytes, row by row. [height, width, 3]</summary>
    public byte[] Pixels { get; }

    /// <summary>The colour of a pixel.</summary>
    /// <param name="x">Column, from 0.</param>
    /// <param name="y">Row, from 0.</param>
    public Rgb this[int x, int y]
    {
        get
        {
            int at = ((y * Width) + x) * 3;
            return new Rgb(Pixels[at], Pixels[at + 1], Pixels[at + 2]);
        }
        set
        {
            int at = ((y * Width) + x) * 3;
            (Pixels[at], Pixels[at + 1], Pixels[at + 2]) = (value.Red, value.Green, value.Blue);
        }
    }

    /// <summary>How wide a text is, in pixels.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zoom">Pixels of a dot.</param>
    public static int TextWidth(string text, int zoom = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length * BitmapFont.Advance * zoom;
    }

    /// <summary>A picture as a model sees it, every pixel of it a square.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="zoom">Side of a pixel's square.</param>
    public static Canvas Of(PreparedImage image, int zoom = 1)
    {
        ArgumentNullException.ThrowIfNull(image);
        Canvas canvas = new(image.Size * zoom, image.Size * zoom, Rgb.White);
        canvas.Draw(image.Rgb, image.Size, image.Size, 0, 0, zoom);
        return canvas;
    }

    /// <summary>Fills a rectangle.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="color">The colour.</param>
    public void Fill(int x, int y, int width, int height, Rgb color)
    {
        for (int row = Math.Max(y, 0); row < Math.Min(y + height, Height); row++)
            for (int column = Math.Max(x, 0); column < Math.Min(x + width, Width); column++)
                this[column, row] = color;
    }

    /// <summary>Mixes a colour into a rectangle.</summary>
    /// <param name="x">First column.</param>
    /// <param name="y">First row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="color">The colour.</param>
    /// <param name="alpha">From 0 (nothing) to 255 (fill).</param>
    public void Blend(int x, int y, int width, int height, Rgb color, int alpha)
    {
        for (int row = Math.Max(y, 0); row < Math.Min(y + height, Height); row++)
            for (int column = Math.Max(x, 0); column < Math.Min(x + width, Width); column++)
            {
                Rgb below = this[column, row];
                this[column, row] = new Rgb(Mix(below.Red, color.Red, alpha), Mix(below.Green, color.Green, alpha), Mix(below.Blue, color.Blue, alpha));
            }
    }

    /// <summary>Draws a picture, every pixel of it a square: no smoothing.</summary>
    /// <param name="rgb">Bytes. [height, width, 3]</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="x">Where its left edge goes.</param>
    /// <param name="y">Where its upper edge goes.</param>
    /// <param name="zoom">Side of a pixel's square.</param>
    /// <exception cref="ArgumentException">The bytes do not fit the size.</exception>
    public void Draw(ReadOnlySpan<byte> rgb, int width, int height, int x, int y, int zoom = 1)
    {
        if (rgb.Length != (long)width * height * 3)
            throw new ArgumentException($"{width} × {height} pixels of 3 bytes are needed, but there are {rgb.Length} bytes.", nameof(rgb));
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++)
            {
                int at = ((row * width) + column) * 3;
                Fill(x + (column * zoom), y + (row * zoom), zoom, zoom, new Rgb(rgb[at], rgb[at + 1], rgb[at + 2]));
            }
    }

    /// <summary>Draws a line of text; characters past ASCII show as boxes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="x">Where its left edge goes.</param>
    /// <param name="y">Where its upper edge goes.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="zoom">Pixels of a dot.</param>
    public void Write(string text, int x, int y, Rgb color, int zoom = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int i = 0; i < text.Length; i++)
            for (int row = 0; row < BitmapFont.LineHeight; row++)
                for (int column = 0; column < BitmapFont.Advance; column++)
                    if (BitmapFont.HasDot(text[i], column, row))
                        Fill(x + (((i * BitmapFont.Advance) + column) * zoom), y + (row * zoom), zoom, zoom, color);
    }

    /// <summary>Writes the picture as a PNG file, whole or not at all.</summary>
    /// <param name="path">Where to.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path) => PngWriter.Write(path, Pixels, Width, Height);

    /// <summary>The picture as the bytes of a PNG file.</summary>
    public byte[] ToPng() => PngWriter.Encode(Pixels, Width, Height);

    static byte Mix(int below, int above, int alpha) => (byte)(((below * (255 - alpha)) + (above * alpha) + 127) / 255);
}

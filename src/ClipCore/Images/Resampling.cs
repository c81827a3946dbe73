namespace ClipCore.Images;

/// <summary>Pillow's resize, to the byte: two passes in fixed point, the values between them rounded to 8 bits.</summary>
static class Resampling
{
    // Eight bits for the pixel, two for sums of coefficients that pass 1: the rest of 32 is for the coefficients' fraction.
    const int PrecisionBits = 32 - 8 - 2;

    // Rows between the passes take part.Width · channels bytes each: photographs stay far below, ribbons of a million pixels do not.
    const long MostRowBytes = 1 << 26;

    /// <summary>Longest side that is resized: a window of the filter takes memory in proportion to it.</summary>
    public const int MostSide = 1 << 20;

    /// <summary>Refuses pictures so long and thin that resizing would take memory or time out of all proportion to the square that is kept.</summary>
    /// <exception cref="ImageException">A side, or a resized side, is too long.</exception>
    public static void CheckSides(DecodedImage image, int size)
    {
        long longer = Math.Max(image.Width, image.Height), shorter = Math.Min(image.Width, image.Height);
        if (longer > MostSide || longer * size / shorter > int.MaxValue)
            throw new ImageException(image.Name, $"is {image.Width} × {image.Height} pixels, too long and thin for a square of {size}: cut it into pieces.");
    }

    /// <summary>Resizes a picture, and computes only the part of the result that a crop keeps.</summary>
    /// <param name="pixels">[height, width, channels]</param>
    /// <param name="width">Columns of the source.</param>
    /// <param name="height">Rows of the source.</param>
    /// <param name="channels">Bytes of a pixel.</param>
    /// <param name="interpolation">The filter.</param>
    /// <param name="newWidth">Columns of the whole result.</param>
    /// <param name="newHeight">Rows of the whole result.</param>
    /// <param name="part">The part of the result to compute.</param>
    /// <returns>[part.Height, part.Width, channels]</returns>
    public static byte[] Resize(
        ReadOnlySpan<byte> pixels, int width, int height, int channels, Interpolation interpolation, int newWidth, int newHeight, PixelRectangle part)
    {
        Coefficients horizontal = new(interpolation, width, newWidth, part.X, part.Width);
        Coefficients vertical = new(interpolation, height, newHeight, part.Y, part.Height);
        int firstRow = newHeight == height ? part.Y : vertical.First(0);
        int endRow = newHeight == height ? part.Y + part.Height : vertical.First(part.Height - 1) + vertical.Count(part.Height - 1);

        if ((long)(endRow - firstRow) * part.Width * channels > MostRowBytes && newHeight != height)
            return InOnePass(pixels, width, channels, newWidth == width, horizontal, vertical, part);
        byte[] rows = new byte[(endRow - firstRow) * part.Width * channels];
        for (int y = firstRow; y < endRow; y++)
        {
            ReadOnlySpan<byte> source = pixels.Slice(y * width * channels, width * channels);
            Span<byte> destination = rows.AsSpan((y - firstRow) * part.Width * channels, part.Width * channels);
            if (newWidth == width)
                source.Slice(part.X * channels, part.Width * channels).CopyTo(destination);
            else
                Horizontal(source, channels, horizontal, destination);
        }
        if (newHeight == height)
            return rows;

        int stride = part.Width * channels;
        byte[] result = new byte[part.Height * stride];
        int[] sums = new int[stride];
        for (int y = 0; y < part.Height; y++)
            Vertical(rows.AsSpan((vertical.First(y) - firstRow) * stride), stride, vertical.Values(y), sums, result.AsSpan(y * stride, stride));
        return result;
    }

    /// <summary>
    /// The same where the rows between the passes are too many to keep: each goes into the sums of all rows of the result that it belongs to.
    /// </summary>
    static byte[] InOnePass(
        ReadOnlySpan<byte> pixels, int width, int channels, bool isSameWidth, Coefficients horizontal, Coefficients vertical, PixelRectangle part)
    {
        int stride = part.Width * channels, begun = 0, done = 0;
        byte[] row = new byte[stride], result = new byte[part.Height * stride];
        int[] sums = new int[result.Length];
        sums.AsSpan().Fill(1 << (PrecisionBits - 1));
        for (int y = vertical.First(0); done < part.Height; y++)
        {
            ReadOnlySpan<byte> source = pixels.Slice(y * width * channels, width * channels);
            if (isSameWidth)
                source.Slice(part.X * channels, stride).CopyTo(row);
            else
                Horizontal(source, channels, horizontal, row);
            while (begun < part.Height && vertical.First(begun) <= y)
                begun++;
            for (int to = done; to < begun; to++)
            {
                int k = y - vertical.First(to);
                if (k < vertical.Count(to))
                    Add(row, vertical.Values(to)[k], sums.AsSpan(to * stride, stride));
            }
            while (done < begun && y + 1 >= vertical.First(done) + vertical.Count(done))
                done++;
        }
        for (int i = 0; i < result.Length; i++)
            result[i] = Clip(sums[i]);
        return result;
    }

    static void Add(ReadOnlySpan<byte> row, int value, Span<int> sums)
    {
        for (int i = 0; i < row.Length; i++)
            sums[i] += row[i] * value;
    }

    /// <summary>Nearest neighbour, as Pillow picks it: positions are added up in double, one step at a time.</summary>
    public static byte[] Nearest(ReadOnlySpan<byte> pixels, int width, int height, int channels, int newWidth, int newHeight, PixelRectangle part)
    {
        int[] columns = NearestPositions(width, newWidth, part.X, part.Width), rows = NearestPositions(height, newHeight, part.Y, part.Height);
        byte[] result = new byte[part.Width * part.Height * channels];
        int to = 0;
        for (int y = 0; y < part.Height; y++)
        {
            ReadOnlySpan<byte> row = pixels.Slice(rows[y] * width * channels, width * channels);
            for (int x = 0; x < part.Width; x++, to += channels)
                row.Slice(columns[x] * channels, channels).CopyTo(result.AsSpan(to));
        }
        return result;
    }

    static int[] NearestPositions(int length, int newLength, int start, int count)
    {
        int[] positions = new int[count];
        double step = (double)length / newLength, at = step * 0.5;
        for (int i = 0; i < start; i++)
            at += step;
        for (int i = 0; i < count; i++, at += step)
            positions[i] = Math.Min((int)at, length - 1);
        return positions;
    }

    static void Horizontal(ReadOnlySpan<byte> source, int channels, Coefficients coefficients, Span<byte> destination)
    {
        int to = 0;
        for (int x = 0; x < coefficients.Length; x++)
        {
            ReadOnlySpan<int> values = coefficients.Values(x);
            ReadOnlySpan<byte> from = source.Slice(coefficients.First(x) * channels, values.Length * channels);
            for (int c = 0; c < channels; c++)
            {
                int sum = 1 << (PrecisionBits - 1);
                for (int k = 0, at = c; k < values.Length; k++, at += channels)
                    sum += from[at] * values[k];
                destination[to++] = Clip(sum);
            }
        }
    }

    static void Vertical(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> values, int[] sums, Span<byte> destination)
    {
        sums.AsSpan().Fill(1 << (PrecisionBits - 1));
        for (int k = 0; k < values.Length; k++)
        {
            Add(rows.Slice(k * stride, stride), values[k], sums);
        }
        for (int i = 0; i < destination.Length; i++)
            destination[i] = Clip(sums[i]);
    }

    static byte Clip(int sum) => (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);

    /// <summary>For each position of the result, where its window starts and the weights in it.</summary>
    sealed class Coefficients
    {
        readonly int[] _first, _count, _values;
        readonly int _size;

        public Coefficients(Interpolation interpolation, int length, int newLength, int start, int count)
        {
            double scale = (double)length / newLength, filterScale = Math.Max(scale, 1);
            double support = (interpolation == Interpolation.Bicubic ? 2.0 : 1.0) * filterScale, inverse = 1.0 / filterScale;
            _size = ((int)Math.Ceiling(support) * 2) + 1;
            (_first, _count, _values) = (new int[count], new int[count], new int[count * _size]);
            double[] weights = new double[_size];
            for (int i = 0; i < count; i++)
            {
                double centre = (start + i + 0.5) * scale;
                int first = Math.Max((int)(centre - support + 0.5), 0), end = Math.Min((int)(centre + support + 0.5), length);
                double sum = 0;
                for (int x = 0; x < end - first; x++)
                {
                    double position = (x + first - centre + 0.5) * inverse;
                    weights[x] = interpolation == Interpolation.Bicubic ? Cubic(position) : Triangle(position);
                    sum += weights[x];
                }
                (_first[i], _count[i]) = (first, end - first);
                for (int x = 0; x < end - first; x++)
                {
                    double weight = (sum != 0 ? weights[x] / sum : weights[x]) * (1 << PrecisionBits);
                    _values[(i * _size) + x] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
                }
            }
        }

        public int Length => _first.Length;

        public int First(int i) => _first[i];

        public int Count(int i) => _count[i];

        public ReadOnlySpan<int> Values(int i) => _values.AsSpan(i * _size, _count[i]);

        static double Cubic(double x)
        {
            const double A = -0.5;
            x = Math.Abs(x);
            if (x < 1)
                return (((((A + 2) * x) - (A + 3)) * x) * x) + 1;
            return x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * A : 0;
        }

        static double Triangle(double x)
        {
            x = Math.Abs(x);
            return x < 1 ? 1 - x : 0;
        }
    }
}

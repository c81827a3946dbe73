namespace ClipCore.Images;

/// <summary>A colour of 8 bits a channel (sRGB).</summary>
/// <param name="Red">Red.</param>
/// <param name="Green">Green.</param>
/// <param name="Blue">Blue.</param>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>Black.</summary>
    public static Rgb Black => new(0, 0, 0);

    /// <summary>White.</summary>
    public static Rgb White => new(255, 255, 255);

    /// <summary>As style sheets write it, such as <c>#1f6feb</c>.</summary>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}

/// <summary>
/// Colours of numbers: paths through the OKLab colour space, where equal steps look equal. Told apart with the common deficiencies of colour vision.
/// </summary>
public sealed class ColorMap
{
    const int Steps = 512;

    readonly Rgb[] _table = new Rgb[Steps + 1];

    ColorMap(bool isSigned, params OkLab[] stops)
    {
        IsSigned = isSigned;
        for (int i = 0; i <= Steps; i++)
        {
            double position = (double)i * (stops.Length - 1) / Steps;
            int from = Math.Min((int)position, stops.Length - 2);
            _table[i] = OkLab.Mix(stops[from], stops[from + 1], position - from).ToRgb();
        }
    }

    /// <summary>For signed values: blue below 0, near white at 0, orange red above.</summary>
    public static ColorMap Diverging { get; } = new(
        isSigned: true, new OkLab(0.38, -0.01, -0.15), new OkLab(0.66, -0.02, -0.105), new OkLab(0.97, 0, 0), new OkLab(0.70, 0.11, 0.095), new OkLab(0.47, 0.15, 0.095));

    /// <summary>For positive values: dark blue, through rose, to pale yellow.</summary>
    public static ColorMap Sequential { get; } = new(
        isSigned: false, new OkLab(0.18, 0.01, -0.07), new OkLab(0.42, 0.10, -0.07), new OkLab(0.64, 0.14, 0.06), new OkLab(0.82, 0.03, 0.12), new OkLab(0.97, -0.02, 0.07));

    /// <summary>Whether values run from −1 to 1, and not from 0 to 1.</summary>
    public bool IsSigned { get; }

    /// <summary>The colour of a value; values past the ends take the colour of the end.</summary>
    /// <param name="value">From −1 to 1 where <see cref="IsSigned"/>, else from 0 to 1. Not a number is grey.</param>
    public Rgb this[float value]
    {
        get
        {
            if (float.IsNaN(value))
                return new Rgb(128, 128, 128);
            float position = IsSigned ? (value + 1) / 2 : value;
            return _table[(int)((Math.Clamp(position, 0f, 1f) * Steps) + 0.5f)];
        }
    }
}

/// <summary>A colour in Björn Ottosson's OKLab space (2020).</summary>
readonly record struct OkLab(double Lightness, double A, double B)
{
    public static OkLab Mix(OkLab a, OkLab b, double share) =>
        new(a.Lightness + ((b.Lightness - a.Lightness) * share), a.A + ((b.A - a.A) * share), a.B + ((b.B - a.B) * share));

    public Rgb ToRgb()
    {
        double l = Cube(Lightness + (0.3963377774 * A) + (0.2158037573 * B));
        double m = Cube(Lightness - (0.1055613458 * A) - (0.0638541728 * B));
        double s = Cube(Lightness - (0.0894841775 * A) - (1.2914855480 * B));
        return new Rgb(
            Srgb.FromLinear((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s)),
            Srgb.FromLinear((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s)),
            Srgb.FromLinear((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s)));
    }

    static double Cube(double x) => x * x * x;
}

/// <summary>The transfer function of sRGB (IEC 61966-2-1), without a power function of the platform, so that pictures have the same pixels everywhere.</summary>
static class Srgb
{
    static readonly double[] s_linear = CreateTable();

    /// <summary>Linear light of an 8-bit value, from 0 to 1.</summary>
    public static double ToLinear(byte value) => s_linear[value];

    /// <summary>The 8-bit value whose light is nearest; light past the ends is clipped.</summary>
    public static byte FromLinear(double light)
    {
        int low = 0, high = 255;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (s_linear[middle] <= light)
                low = middle;
            else
                high = middle;
        }
        return (byte)(light - s_linear[low] < s_linear[high] - light ? low : high);
    }

    static double[] CreateTable()
    {
        double[] table = new double[256];
        for (int i = 0; i < 256; i++)
        {
            double value = i / 255.0;
            double shifted = (value + 0.055) / 1.055, root = FifthRoot(shifted);
            table[i] = value <= 0.04045 ? value / 12.92 : shifted * shifted * root * root;
        }
        return table;
    }

    /// <summary>Newton's iteration from above, which falls until it is exact to rounding.</summary>
    static double FifthRoot(double x)
    {
        double root = 1;
        for (int i = 0; i < 40; i++)
            root = ((4 * root) + (x / (root * root * root * root))) / 5;
        return root;
    }
}

namespace ClipCore.Reports.Pictures;

/// <summary>
/// Colours of numbers: paths through the OKLab colour space, where equal steps look equal. Told apart with the common deficiencies of colour vision.
/// Safe for many threads.
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
        isSigned: true, new OkLab(0.38, -0.01, -0.15), new OkLab(0.66, -0.02, -0.105), new OkLab(0.97, 0, 0), new OkLab(0.70, 0.11, 0.095),
        new OkLab(0.47, 0.15, 0.095));

    /// <summary>For positive values: dark blue, through rose, to pale yellow.</summary>
    public static ColorMap Sequential { get; } = new(
        isSigned: false, new OkLab(0.18, 0.01, -0.07), new OkLab(0.42, 0.10, -0.07), new OkLab(0.64, 0.14, 0.06), new OkLab(0.82, 0.03, 0.12),
        new OkLab(0.97, -0.02, 0.07));

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

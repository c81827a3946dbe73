namespace ClipCore.Reports.Pictures;

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

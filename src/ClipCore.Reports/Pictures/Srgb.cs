namespace ClipCore.Reports.Pictures;

/// <summary>The transfer function of sRGB (IEC 61966-2-1), without a power function of the platform: pictures have the same pixels everywhere.</summary>
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

using System.Runtime.Intrinsics;
using ClipCore.Lanes;

namespace ClipCore.Tests.Oracle;

/// <summary>Runs one operation with every register width.</summary>
static unsafe class Widths
{
    public static Isa[] All => [Isa.Scalar, Isa.Vector128, Isa.Vector256, Isa.Vector512];

    public static void Run<TOperation>(Isa isa, float* x, float* y, float* z, int length, float* destination) where TOperation : struct, IRowOperation
    {
        switch (isa)
        {
            case Isa.Vector512:
                TOperation.Run<Lanes512, Vector512<float>>(x, y, z, length, destination);
                break;
            case Isa.Vector256:
                TOperation.Run<Lanes256, Vector256<float>>(x, y, z, length, destination);
                break;
            case Isa.Vector128:
                TOperation.Run<Lanes128, Vector128<float>>(x, y, z, length, destination);
                break;
            default:
                TOperation.Run<Lanes1, float>(x, y, z, length, destination);
                break;
        }
    }

    /// <summary>Bits, with every NaN alike: processors differ in the sign and payload of the NaN they make.</summary>
    public static int Bits(float value) => float.IsNaN(value) ? 0x7FC00000 : BitConverter.SingleToInt32Bits(value);

    /// <summary>Distance of a float from a true value, in units in the last place of the float nearest to it.</summary>
    public static double Ulps(float actual, double expected)
    {
        float nearest = (float)expected;
        if (actual == nearest || (float.IsNaN(actual) && double.IsNaN(expected)))
            return 0;
        float size = Math.Abs(nearest);
        double unit = size == 0 ? float.Epsilon : Math.Max((double)MathF.BitIncrement(size) - size, float.Epsilon);
        return Math.Abs(actual - expected) / unit;
    }
}

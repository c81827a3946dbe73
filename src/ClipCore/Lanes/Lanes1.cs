using System.Runtime.CompilerServices;

namespace ClipCore.Lanes;

/// <summary>The scalar path: a register of one float.</summary>
readonly unsafe struct Lanes1 : ILanes<float>
{
    public static int Count => 1;
    public static float Zero => 0f;
    public static float Fill(float value) => value;
    public static float Load(float* source) => *source;
    public static void Store(float value, float* destination) => *destination = value;
    public static float Add(float a, float b) => a + b;
    public static float Subtract(float a, float b) => a - b;
    public static float Multiply(float a, float b) => a * b;
    public static float Divide(float a, float b) => a / b;
    public static float Sqrt(float a) => MathF.Sqrt(a);
    public static float MultiplyAdd(float a, float b, float sum) => MathF.FusedMultiplyAdd(a, b, sum);
    public static float NegatedMultiplyAdd(float a, float b, float sum) => MathF.FusedMultiplyAdd(-a, b, sum);
    public static float Max(float a, float b) => a > b ? a : b;
    public static float Min(float a, float b) => a < b ? a : b;
    public static float LessThan(float a, float b) => Float(a < b ? -1 : 0);
    public static float Select(float mask, float a, float b) => Float((Bits(mask) & Bits(a)) | (~Bits(mask) & Bits(b)));
    public static float And(float a, float b) => Float(Bits(a) & Bits(b));
    public static float Or(float a, float b) => Float(Bits(a) | Bits(b));
    public static float Xor(float a, float b) => Float(Bits(a) ^ Bits(b));
    public static float PowerOfTwo(float n) => Float(((int)n + 127) << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float Float(int bits) => BitConverter.Int32BitsToSingle(bits);
}

using ClipCore.Lanes;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Benchmarks;

/// <summary>
/// Kernels whose products round both sides as the 8-bit prototype would: each row of activations to 7 bits and a sign, each output's weights to 8 bits. Their
/// sums run in single precision, which is exact enough to show the error of the rounding alone.
/// </summary>
sealed unsafe class QuantizedKernels(Kernels inner) : Kernels
{
    const float ActivationSteps = 63, WeightSteps = 127;

    readonly HashSet<nint> _rounded = [];
    float[] _a = [];

    public override Isa Isa => inner.Isa;

    public override int PanelWidth => inner.PanelWidth;

    public override int ScratchFloats(int tokens, int headWidth) => inner.ScratchFloats(tokens, headWidth);

    public override void Gemm(
        ThreadTeam team, TeamScratch scratch, MatrixView a, PackedMatrix b, float* bias, Epilogue epilogue, RowCapture capture, MatrixView destination)
    {
        if (_rounded.Add((nint)b.Panel(0, 0)))
            RoundWeights(b);
        if (_a.Length < a.Rows * a.Columns)
            _a = new float[a.Rows * a.Columns];
        fixed (float* copy = _a)
        {
            MatrixView rounded = new(copy, a.Rows, a.Columns);
            for (int row = 0; row < a.Rows; row++)
                RoundTo(a.RowSpan(row), ActivationSteps, new Span<float>(rounded.Row(row), a.Columns));
            inner.Gemm(team, scratch, rounded, b, bias, epilogue, capture, destination);
        }
    }

    public override void Attention(
        ThreadTeam team, TeamScratch scratch, MatrixView q, MatrixView k, MatrixView v, Sequences sequences, int headCount, bool causal, bool pooledOnly,
        PatternSinks patterns, MatrixView z) => inner.Attention(team, scratch, q, k, v, sequences, headCount, causal, pooledOnly, patterns, z);

    public override void LayerNorm(ThreadTeam team, MatrixView x, float* gain, float* bias, float epsilon, LayerNormStats* stats, MatrixView destination) =>
        inner.LayerNorm(team, x, gain, bias, epsilon, stats, destination);

    public override void AddRows(ThreadTeam team, MatrixView addend, MatrixView destination) => inner.AddRows(team, addend, destination);

    public override void Effects(ThreadTeam team, TeamScratch scratch, EffectItem[] items, int count) => inner.Effects(team, scratch, items, count);

    public override float Norm(float* x, int length) => inner.Norm(x, length);

    static void RoundWeights(PackedMatrix b)
    {
        float[] column = new float[b.Depth];
        for (int j = 0; j < b.Columns; j++)
        {
            float* values = b.Panel(j / b.PanelWidth, 0) + (j % b.PanelWidth);
            for (int k = 0; k < column.Length; k++)
                column[k] = values[k * b.PanelWidth];
            RoundTo(column, WeightSteps, column);
            for (int k = 0; k < column.Length; k++)
                values[k * b.PanelWidth] = column[k];
        }
    }

    static void RoundTo(ReadOnlySpan<float> source, float steps, Span<float> destination)
    {
        float largest = 0;
        foreach (float value in source)
            largest = Math.Max(largest, Math.Abs(value));
        float step = largest > 0 ? largest / steps : 1;
        for (int i = 0; i < source.Length; i++)
            destination[i] = MathF.Round(source[i] / step) * step;
    }
}

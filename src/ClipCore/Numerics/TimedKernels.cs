using System.Diagnostics;
using ClipCore.Lanes;
using ClipCore.Threads;

namespace ClipCore.Numerics;

/// <summary>Kernels that keep the time of each stage; the model knows nothing of it.</summary>
sealed unsafe class TimedKernels(Kernels inner, int mlpWidth, int patchLength) : Kernels
{
    readonly Dictionary<string, long> _ticks = [];

    public override Isa Isa => inner.Isa;

    public override int PanelWidth => inner.PanelWidth;

    /// <summary>Names of the stages in the order of the pass.</summary>
    public static string[] Stages { get; } =
        ["patch embedding", "norms", "qkv", "attention", "output projection", "MLP", "projection", "decomposition", "other"];

    /// <summary>Seconds spent in a stage since <see cref="Reset"/>.</summary>
    public double Seconds(string stage) => _ticks.GetValueOrDefault(stage) / (double)Stopwatch.Frequency;

    /// <summary>Begins anew.</summary>
    public void Reset() => _ticks.Clear();

    public override int ScratchFloats(int tokens, int headWidth) => inner.ScratchFloats(tokens, headWidth);

    public override void Gemm(
        ThreadTeam team, TeamScratch scratch, MatrixView a, PackedMatrix b, float* bias, Epilogue epilogue, RowCapture capture, MatrixView destination)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Gemm(team, scratch, a, b, bias, epilogue, capture, destination);
        Add(Stage(b, epilogue), start);
    }

    public override void Attention(
        ThreadTeam team, TeamScratch scratch, MatrixView q, MatrixView k, MatrixView v, Sequences sequences, int headCount, bool causal, bool pooledOnly,
        PatternSinks patterns, MatrixView z)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Attention(team, scratch, q, k, v, sequences, headCount, causal, pooledOnly, patterns, z);
        Add("attention", start);
    }

    public override void LayerNorm(ThreadTeam team, MatrixView x, float* gain, float* bias, float epsilon, LayerNormStats* stats, MatrixView destination)
    {
        long start = Stopwatch.GetTimestamp();
        inner.LayerNorm(team, x, gain, bias, epsilon, stats, destination);
        Add("norms", start);
    }

    public override void AddRows(ThreadTeam team, MatrixView addend, MatrixView destination)
    {
        long start = Stopwatch.GetTimestamp();
        inner.AddRows(team, addend, destination);
        Add("patch embedding", start);
    }

    public override void Effects(ThreadTeam team, TeamScratch scratch, EffectItem[] items, int count)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Effects(team, scratch, items, count);
        Add("decomposition", start);
    }

    public override float Norm(float* x, int length) => inner.Norm(x, length);

    string Stage(PackedMatrix b, Epilogue epilogue) => epilogue switch
    {
        Epilogue.Store => b.Depth == patchLength ? "patch embedding" : "projection",
        Epilogue.Bias => "qkv",
        Epilogue.BiasResidual => b.Depth == mlpWidth ? "MLP" : "output projection",
        _ => "MLP",
    };

    void Add(string stage, long start) => _ticks[stage] = _ticks.GetValueOrDefault(stage) + Stopwatch.GetTimestamp() - start;
}

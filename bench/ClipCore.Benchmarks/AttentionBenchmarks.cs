using BenchmarkDotNet.Attributes;
using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Benchmarks;

/// <summary>Attention of a whole layer: scores, softmax, weighted values, all heads, without the products before and after it.</summary>
public unsafe class AttentionBenchmarks : TeamWorkload
{
    Kernels _kernels = null!;
    ThreadTeam _team = null!;
    TeamScratch _scratch = null!;
    AlignedBuffer _qkv = null!, _z = null!;
    int[] _starts = [], _pooled = [];

    /// <summary>Whose shapes.</summary>
    [Params("ViT-B-32", "ViT-B-16", "ViT-L-14", Priority = 0)]
    public string Model { get; set; } = "";

    /// <summary>Images.</summary>
    [Params(1, 8, Priority = 1)]
    public int Batch { get; set; }

    /// <inheritdoc/>
    public override bool IsWanted => IsPreferred || (Model == "ViT-B-16" && Batch == 1);

    int Rows => Batch * Shapes.Of(Model).Tokens;

    /// <summary>Makes queries, keys and values, side by side as the model has them.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Shapes shapes = Shapes.Of(Model);
        _kernels = Kernels.For(Isa);
        _team = new ThreadTeam(Threads);
        _scratch = new TeamScratch(Threads, _kernels.ScratchFloats(shapes.Tokens, shapes.HeadWidth));
        _qkv = Shapes.Floats(3L * Rows * shapes.Width);
        _z = new AlignedBuffer((long)Rows * shapes.Width);
        _starts = [.. Enumerable.Range(0, Batch + 1).Select(i => i * shapes.Tokens)];
        _pooled = new int[Batch];
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (IDisposable part in (IDisposable[])[_team, _scratch, _qkv, _z])
            part.Dispose();
    }

    /// <summary>All tokens attend to all tokens of their image.</summary>
    [Benchmark(Description = "attention")]
    public void Run()
    {
        Shapes shapes = Shapes.Of(Model);
        int width = shapes.Width, stride = 3 * width;
        float* q = _qkv.Data;
        fixed (int* starts = _starts, pooled = _pooled)
            _kernels.Attention(
                _team, _scratch, new MatrixView(q, Rows, width, stride), new MatrixView(q + width, Rows, width, stride),
                new MatrixView(q + (2 * width), Rows, width, stride),
                new Sequences(Batch, starts, pooled, shapes.Tokens), shapes.Heads, false, false, default, new MatrixView(_z.Data, Rows, width));
    }

    /// <summary>The two products; packing and softmax are overhead here.</summary>
    internal override double Flops(string method) => 4.0 * Rows * Shapes.Of(Model).Tokens * Shapes.Of(Model).Width;
}

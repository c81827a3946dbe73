using BenchmarkDotNet.Attributes;
using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Benchmarks;

/// <summary>The four matrix products of a block; all images of a batch are rows of one product.</summary>
public unsafe class GemmBenchmarks : TeamWorkload
{
    Kernels _kernels = null!;
    ThreadTeam _team = null!;
    TeamScratch _scratch = null!;
    AlignedBuffer _left = null!, _bias = null!, _destination = null!;
    PackedMatrix _right = null!;

    /// <summary>Whose shapes.</summary>
    [Params("ViT-B-32", "ViT-B-16", "ViT-L-14", "ViT-H-14", Priority = 0)]
    public string Model { get; set; } = "";

    /// <summary>Images.</summary>
    [Params(1, 8, Priority = 1)]
    public int Batch { get; set; }

    /// <summary>Which product of the block.</summary>
    [Params("qkv", "out", "fc1", "fc2", Priority = 2)]
    public string Product { get; set; } = "";

    /// <inheritdoc/>
    public override bool IsWanted => IsPreferred || (Model == "ViT-B-16" && Batch == 1);

    int Rows => Batch * Shapes.Of(Model).Tokens;

    int Depth => Product == "fc2" ? Shapes.Of(Model).MlpWidth : Shapes.Of(Model).Width;

    int Columns => Shapes.Of(Model).Width * Product switch { "qkv" => 3, "fc1" => 4, _ => 1 };

    /// <summary>Makes the matrices.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _kernels = Kernels.For(Isa);
        _team = new ThreadTeam(Threads);
        _scratch = new TeamScratch(Threads, _kernels.ScratchFloats(1, 16));
        _left = Shapes.Floats((long)Rows * Depth);
        _bias = Shapes.Floats(Kernels.Padded(Columns));
        _destination = new AlignedBuffer((long)Rows * Kernels.Padded(Columns));
        using AlignedBuffer weights = Shapes.Floats((long)Columns * Depth);
        _right = Packing.PackTransposed(_team, [new ViewSource(new MatrixView(weights.Data, Columns, Depth))], _kernels.PanelWidth, PackedFormat.Float);
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (IDisposable part in (IDisposable[])[_team, _scratch, _left, _bias, _destination, _right])
            part.Dispose();
    }

    /// <summary>The product, with bias. The activation of fc1 is left out: it is no product, and has a row of its own among the kernels.</summary>
    [Benchmark(Description = "product")]
    public void Run() => _kernels.Gemm(
        _team, _scratch, new MatrixView(_left.Data, Rows, Depth), _right, _bias.Data, Epilogue.Bias, default,
        new MatrixView(_destination.Data, Rows, Columns, Kernels.Padded(Columns)));

    internal override double Flops(string method) => 2.0 * Rows * Depth * Columns;
}

using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Decomposition;

/// <summary>
/// What runs a model: its kernels, towers and threads, the memory of its passes, and the count of calls that use them. Safe for many threads at once; no
/// call waits for another, except for constants that both need and that are being made.
/// </summary>
sealed unsafe partial class Engine : IDisposable
{
    /// <summary>Images of a pass: enough rows to fill the threads, few enough that the activations of a large model stay within tens of megabytes.</summary>
    public const int MaxImagesAtOnce = 8;

    /// <summary>Texts of a pass.</summary>
    public const int MaxTextsAtOnce = 64;

    readonly ThreadTeam _team;
    readonly Kernels _kernels;
    readonly VisionTower? _vision;
    readonly TextTower? _text;
    readonly WorkspacePool<VisionWorkspace> _visionWork = new();
    readonly WorkspacePool<TextWorkspace> _textWork = new();
    readonly WorkspacePool<EffectWorkspace> _effectWork = new();
    readonly EffectBases _bases = new([], 0);
    readonly UseCount _uses;

    /// <param name="parts">The towers and their team; the engine frees them.</param>
    /// <param name="owner">The type that refused calls name.</param>
    public Engine(ModelParts parts, string owner)
    {
        (_team, _kernels, _vision, _text) = (parts.Team, parts.Kernels, parts.Vision, parts.Text);
        ResidentBytes = parts.ResidentBytes;
        _uses = new UseCount(owner, Free);
    }

    /// <summary>The register width in use.</summary>
    public Isa Isa => _kernels.Isa;

    /// <summary>Threads in use.</summary>
    public int ThreadCount => _team.Size;

    /// <summary>Bytes of weights in memory.</summary>
    public long ResidentBytes { get; }

    public bool HasVision => _vision != null;

    public bool HasText => _text != null;

    /// <summary>Width of the space that images and texts share (e).</summary>
    public int EmbedWidth => _vision?.EmbedWidth ?? _text!.EmbedWidth;

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public VisionTower Vision => _vision
        ?? throw new InvalidOperationException("This model has no vision tower: it was loaded from, or as, a text tower alone.");

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public TextTower Text => _text
        ?? throw new InvalidOperationException("This model has no text tower: it was loaded from, or as, a vision tower alone.");

    /// <summary>Frees the weights, once no call runs any more; calls that begin later are refused.</summary>
    public void Dispose() => _uses.Dispose();

    void Free()
    {
        _team.Dispose();
        _visionWork.Dispose();
        _textWork.Dispose();
        _effectWork.Dispose();
        _bases.Dispose();
        _vision?.Dispose();
        _text?.Dispose();
    }

    Lease<VisionWorkspace> RentVision(int images) => new(
        _visionWork,
        _visionWork.Rent(images, static (work, count) => work.MaxImages >= count) ?? Vision.CreateWorkspace(images, _team.Size));

    Lease<TextWorkspace> RentText(int rows, int texts) => new(
        _textWork,
        _textWork.Rent(
            (Rows: rows, Texts: texts),
            static (work, size) => work.Transformer.MaxRows >= size.Rows && work.Transformer.MaxSequences >= size.Texts)
        ?? Text.CreateWorkspace(rows, texts, _team.Size));

    Lease<EffectWorkspace> RentEffects(int images) => new(
        _effectWork,
        _effectWork.Rent(images, static (work, count) => work.Record.MaxImages >= count)
        ?? new EffectWorkspace(new EffectRecord(Vision.Transformer.Shape, images, Vision.TokenCount)));
}

using ClipCore.Memory;

namespace ClipCore.Decomposition;

/// <summary>
/// Directions of the shared space, such as text representations, folded into a model once, for many images. Made by
/// <see cref="IImageModel.CreateDirections"/>; belongs to that model. Safe for many threads: it may be disposed while calls use it, and is freed when
/// the last of them ends; calls that begin later are refused.
/// </summary>
public sealed class EffectDirections : IDisposable
{
    readonly float[] _directions;
    readonly UseCount _uses;

    /// <param name="engine">The model's engine.</param>
    /// <param name="directions">The rows; kept. [T × e]</param>
    /// <param name="count">T.</param>
    internal EffectDirections(Engine engine, float[] directions, int count)
    {
        Engine = engine;
        Count = count;
        _directions = directions;
        Bases = new EffectBases(directions, count);
        _uses = new UseCount(nameof(EffectDirections), Bases.Dispose);
    }

    /// <summary>Number of directions (T).</summary>
    public int Count { get; }

    /// <summary>The directions as they were given; readable also after <see cref="Dispose"/>. [T × e]</summary>
    public ReadOnlySpan<float> Values => _directions;

    /// <summary>What made them.</summary>
    internal Engine Engine { get; }

    /// <summary>The folded matrices; for calls between <see cref="Enter"/> and its end.</summary>
    internal EffectBases Bases { get; }

    /// <summary>Keeps the folded matrices alive for a call.</summary>
    /// <exception cref="ObjectDisposedException">The directions are disposed.</exception>
    internal UseCount.Use Enter() => _uses.Enter();

    /// <summary>Frees the folded matrices, once no call uses them any more.</summary>
    public void Dispose() => _uses.Dispose();
}

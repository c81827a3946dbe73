using ClipCore.Model;
using ClipCore.Threads;

namespace ClipCore.Decomposition;

/// <summary>
/// Directions of the shared space, such as text representations, folded into a model once, for many images. Made by
/// <see cref="ClipModel.CreateDirections(ReadOnlySpan{float})"/>; belongs to that model. Safe for many threads.
/// </summary>
public sealed class EffectDirections : IDisposable
{
    readonly float[] _directions;
    readonly Lock _gate = new();
    readonly EffectBasis?[] _bases = new EffectBasis?[2];
    bool _disposed;

    internal EffectDirections(ClipModel model, float[] directions, int count)
    {
        Model = model;
        Count = count;
        _directions = directions;
    }

    /// <summary>Number of directions (T).</summary>
    public int Count { get; }

    /// <summary>The directions as they were given. [T × e]</summary>
    public ReadOnlySpan<float> Values => _directions;

    internal ClipModel Model { get; }

    /// <summary>Frees the folded matrices.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            for (int i = 0; i < _bases.Length; i++)
            {
                _bases[i]?.Dispose();
                _bases[i] = null;
            }
        }
    }

    internal EffectBasis Basis(ThreadTeam team, VisionTower tower, MeanShare share)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bases[(int)share] ??= EffectBasis.Create(team, tower, share, _directions, Count);
        }
    }
}

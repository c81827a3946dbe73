using ClipCore.Model;
using ClipCore.Threads;

namespace ClipCore.Decomposition;

/// <summary>
/// A model's constants along some directions, one set for each share of the mean, made when first asked for. Safe for many threads: callers of one set
/// wait while it is made, and nobody else does.
/// </summary>
/// <param name="directions">Rows [T × e], or empty for whole vectors.</param>
/// <param name="count">T; 0 for whole vectors.</param>
sealed class EffectBases(float[] directions, int count) : IDisposable
{
    readonly Lock[] _gates = [new(), new()];
    readonly EffectBasis?[] _bases = new EffectBasis?[2];

    /// <summary>The set of one share of the mean; lives as long as this.</summary>
    public EffectBasis Get(ThreadTeam team, VisionTower tower, MeanShare share)
    {
        int index = (int)share;
        if (Volatile.Read(ref _bases[index]) is { } made)
            return made;
        lock (_gates[index])
        {
            if (_bases[index] == null)
                Volatile.Write(ref _bases[index], EffectBasis.Create(team, tower, share, directions, count));
            return _bases[index]!;
        }
    }

    /// <summary>Frees all sets; nobody uses them any more.</summary>
    public void Dispose()
    {
        foreach (EffectBasis? basis in _bases)
            basis?.Dispose();
    }
}

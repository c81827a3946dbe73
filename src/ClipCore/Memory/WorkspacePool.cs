namespace ClipCore.Memory;

/// <summary>Workspaces that no call uses at the moment, so that a warm model allocates nothing.</summary>
sealed class WorkspacePool<T> : IDisposable where T : class, IDisposable
{
    // One for each caller at once; a few more calls than that allocate and let go.
    const int MostKept = 16;

    readonly Lock _gate = new();
    readonly T?[] _free = new T?[MostKept];
    bool _disposed;

    /// <summary>Takes the first free workspace that is large enough, or null.</summary>
    /// <param name="size">The size that is needed.</param>
    /// <param name="isLargeEnough">Whether a workspace holds that size.</param>
    public T? Rent<TSize>(TSize size, Func<T, TSize, bool> isLargeEnough)
    {
        lock (_gate)
        {
            for (int i = 0; i < MostKept; i++)
                if (_free[i] is { } found && isLargeEnough(found, size))
                {
                    _free[i] = null;
                    return found;
                }
            return null;
        }
    }

    /// <summary>Gives a workspace back; where there is no room, a smaller use of memory wins over a later allocation.</summary>
    public void Return(T workspace)
    {
        lock (_gate)
            if (!_disposed)
                for (int i = 0; i < MostKept; i++)
                    if (_free[i] == null)
                    {
                        _free[i] = workspace;
                        return;
                    }
        workspace.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            for (int i = 0; i < MostKept; i++)
            {
                _free[i]?.Dispose();
                _free[i] = null;
            }
        }
    }
}

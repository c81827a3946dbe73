namespace ClipCore.Memory;

/// <summary>
/// Counts the calls that use something, so that what its owner disposes is freed when the last of them has ended, and calls that begin later are
/// refused. Safe for many threads; takes no lock and allocates nothing.
/// </summary>
/// <param name="owner">The type that the message of a refused call names.</param>
/// <param name="free">Frees the thing; called once.</param>
sealed class UseCount(string owner, Action free) : IDisposable
{
    // The lower bits count the calls.
    const int Disposed = 1 << 30;

    int _state;

    /// <summary>Begins a call; it ends when the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The owner is disposed.</exception>
    public Use Enter()
    {
        int state = Volatile.Read(ref _state);
        while (true)
        {
            if ((state & Disposed) != 0)
                throw new ObjectDisposedException(owner);
            int found = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (found == state)
                return new Use(this);
            state = found;
        }
    }

    /// <summary>Refuses calls from now on, and frees the thing now or when the last call ends. May be called again.</summary>
    public void Dispose()
    {
        if (Interlocked.Or(ref _state, Disposed) == 0)
            free();
    }

    void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Disposed)
            free();
    }

    /// <summary>One call; the default value stands for a call of something that is not counted.</summary>
    public readonly ref struct Use
    {
        readonly UseCount? _count;

        internal Use(UseCount count) => _count = count;

        public void Dispose() => _count?.Leave();
    }
}

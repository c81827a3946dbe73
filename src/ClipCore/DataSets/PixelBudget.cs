namespace ClipCore.DataSets;

/// <summary>Lets as many pictures be decoded at once as have a number of pixels together, and always one.</summary>
sealed class PixelBudget(long limit)
{
    readonly Lock _lock = new();
    readonly Queue<Waiter> _waiters = [];
    long _used;

    /// <summary>Waits until a picture fits, in the order of coming.</summary>
    public void Enter(long pixels, CancellationToken cancellation)
    {
        Waiter waiter = new(pixels);
        using (waiter.Gate)
        {
            lock (_lock)
            {
                _waiters.Enqueue(waiter);
                LetIn();
            }
            try
            {
                waiter.Gate.Wait(cancellation);
            }
            catch (OperationCanceledException)
            {
                Withdraw(waiter);
                throw;
            }
        }
    }

    /// <summary>A picture is done.</summary>
    public void Leave(long pixels)
    {
        lock (_lock)
        {
            _used -= pixels;
            LetIn();
        }
    }

    void Withdraw(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.IsIn)
                _used -= waiter.Pixels;
            waiter.IsGone = true;
            LetIn();
        }
    }

    void LetIn()
    {
        while (_waiters.TryPeek(out Waiter? next) && (next.IsGone || _used == 0 || _used + next.Pixels <= limit))
        {
            _waiters.Dequeue();
            if (next.IsGone)
                continue;
            _used += next.Pixels;
            next.IsIn = true;
            next.Gate.Set();
        }
    }

    sealed class Waiter(long pixels)
    {
        public long Pixels => pixels;

        public ManualResetEventSlim Gate { get; } = new();

        public bool IsIn { get; set; }

        public bool IsGone { get; set; }
    }
}

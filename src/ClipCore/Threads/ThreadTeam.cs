using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace ClipCore.Threads;

/// <summary>
/// Threads that stay: they spin for a moment after each job, since the next one of a forward pass is microseconds away, then park.
/// </summary>
/// <remarks>
/// One caller has the team at a time. A second caller does not wait: it does its job alone, on its own thread. Results do not depend on
/// who does an item, because no sum is ever split between threads.
/// </remarks>
sealed unsafe class ThreadTeam : IDisposable
{
    // About 20 to 50 microseconds: longer than the gap between two products of one layer, shorter than a time slice.
    const int SpinsBeforeParking = 2000;

    // The state counts the threads inside the job; this bit is set while more may enter.
    const int Open = 1 << 30;

    readonly Thread[] _threads;
    readonly SemaphoreSlim _wake = new(0);
    readonly bool _spin;
    int _taken;
    int _parked;
    volatile int _generation;
    int _state;
    volatile bool _disposed;
    void* _job;
    delegate* managed<void*, int, void> _invoke;
    ExceptionDispatchInfo? _failure;

    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _spin = size <= Environment.ProcessorCount;
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int member = i + 1;
            _threads[i] = new Thread(() => Serve(member)) { IsBackground = true, Name = $"ClipCore {member}" };
            _threads[i].Start();
        }
    }

    /// <summary>Members, the calling thread included.</summary>
    public int Size { get; }

    /// <summary>
    /// The number of threads to use when the caller does not say: <c>CLIPCORE_THREADS</c>, or what the machine (or its container's quota) gives.
    /// </summary>
    public static int DefaultSize
    {
        get
        {
            string? text = Environment.GetEnvironmentVariable("CLIPCORE_THREADS");
            if (string.IsNullOrEmpty(text))
                return Environment.ProcessorCount;
            if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= 1024)
                return size;
            throw new ArgumentException($"The environment variable CLIPCORE_THREADS is '{text}': give a whole number from 1 to 1024, or unset it.");
        }
    }

    /// <summary>
    /// Runs the job on the calling thread and on every member that is there in time; returns, or throws, when nobody is inside it any more.
    /// </summary>
    /// <remarks>
    /// When a part fails, the others go on until they are done; then the caller's own failure is thrown, or else the first that a member had.
    /// </remarks>
    public void Run<TJob>(ref TJob job) where TJob : struct, ITeamJob
    {
        if (_threads.Length == 0 || Interlocked.Exchange(ref _taken, 1) != 0)
        {
            job.Run(0);
            return;
        }

        try
        {
            _job = Unsafe.AsPointer(ref job);
            _invoke = &Invoke<TJob>;
            Volatile.Write(ref _state, Open);
            Interlocked.Increment(ref _generation);
            if (Volatile.Read(ref _parked) > 0 && Interlocked.Exchange(ref _parked, 0) is > 0 and int parked)
                _wake.Release(parked);
            try
            {
                job.Run(0);
            }
            finally
            {
                // Also when the caller's part has failed: the job lies on this thread's stack, which must not go while a member works on it.
                CloseAndWait();
            }
            _failure?.Throw();
        }
        finally
        {
            // A member's failure after the caller's own is of no use to the next job.
            _failure = null;
            Volatile.Write(ref _taken, 0);
        }
    }

    /// <summary>
    /// Lets no more members in and waits for those that are inside. Those that come late find the door closed: nobody waits for a thread that the
    /// machine has not run yet.
    /// </summary>
    void CloseAndWait()
    {
        Interlocked.And(ref _state, ~Open);
        SpinWait wait = default;
        while (Volatile.Read(ref _state) != 0)
            if (_spin)
                Thread.SpinWait(4);
            else
                wait.SpinOnce();
        // Only who has entered reads these, and nobody is inside now: a member that read them without entering would fail at once, not on a dead frame.
        _job = null;
        _invoke = null;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_threads.Length > 0)
            _wake.Release(_threads.Length);
        foreach (Thread thread in _threads)
            thread.Join();
        _wake.Dispose();
    }

    static void Invoke<TJob>(void* job, int member) where TJob : struct, ITeamJob => Unsafe.AsRef<TJob>(job).Run(member);

    void Serve(int member)
    {
        int seen = 0;
        while (true)
        {
            int spins = _spin ? SpinsBeforeParking : 1;
            while (_generation == seen && !_disposed)
            {
                if (spins-- > 0)
                {
                    Thread.SpinWait(8);
                    continue;
                }
                Interlocked.Increment(ref _parked);
                // A job that came between the last look and the increment has woken nobody: look once more before sleeping.
                if (_generation != seen || _disposed)
                {
                    if (TryUnpark())
                        break;
                }
                _wake.Wait();
            }
            if (_disposed)
                return;
            seen = _generation;
            if (!TryEnter())
                continue;
            try
            {
                _invoke(_job, member);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }
            Interlocked.Decrement(ref _state);
        }
    }

    bool TryEnter()
    {
        int state = Volatile.Read(ref _state);
        while ((state & Open) != 0)
        {
            int found = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (found == state)
                return true;
            state = found;
        }
        return false;
    }

    /// <summary>Takes back this thread's note that it sleeps, unless a waker has counted it already.</summary>
    bool TryUnpark()
    {
        int parked = Volatile.Read(ref _parked);
        while (parked > 0)
        {
            int found = Interlocked.CompareExchange(ref _parked, parked - 1, parked);
            if (found == parked)
                return true;
            parked = found;
        }
        return false;
    }
}

using System.Runtime.ExceptionServices;

namespace ClipCore.EffectSets;

/// <summary>Independent pieces of work on several threads; no piece may touch what another writes, so that their order does not matter.</summary>
static class WorkItems
{
    /// <summary>Runs all pieces on the pool's threads and this one, so that it goes on even where the pool has no thread to give.</summary>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="body">Does the piece of an index.</param>
    /// <param name="cancellation">Looked at before each piece.</param>
    public static void Run(int count, Action<int> body, CancellationToken cancellation = default)
    {
        int next = -1;
        Exception? fault = null;
        int others = Math.Max(0, Math.Min(Environment.ProcessorCount, count) - 1);
        Task[] helpers = [.. Enumerable.Range(0, others).Select(_ => Task.Run(Work, CancellationToken.None))];
        Work();
        Task.WaitAll(helpers, CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        if (fault != null)
            ExceptionDispatchInfo.Throw(fault);

        void Work()
        {
            try
            {
                while (!cancellation.IsCancellationRequested && Volatile.Read(ref fault) == null && Interlocked.Increment(ref next) is int i && i < count)
                    body(i);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref fault, exception, null);
            }
        }
    }
}

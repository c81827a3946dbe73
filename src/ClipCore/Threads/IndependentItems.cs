using System.Runtime.ExceptionServices;

namespace ClipCore.Threads;

/// <summary>
/// Independent work on the threads of the pool, where a team would be too much: decoding pictures, a head's statistics. No item may touch what another
/// writes, so that their order does not matter.
/// </summary>
static class IndependentItems
{
    /// <summary>
    /// Does all items on the pool's threads and this one, so that it goes on even where the pool has no thread to give. Where items fail, none is begun
    /// any more, and the exception of the first of them in order is thrown: the same one whichever thread was faster.
    /// </summary>
    /// <param name="count">How many items there are.</param>
    /// <param name="body">Does the item of an index.</param>
    /// <param name="cancellation">Looked at before each item.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Run(int count, Action<int> body, CancellationToken cancellation = default)
    {
        Lock first = new();
        int next = -1, failed = count;
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
            while (!cancellation.IsCancellationRequested && Volatile.Read(ref failed) == count)
            {
                int i = Interlocked.Increment(ref next);
                if (i >= count)
                    break;
                try
                {
                    body(i);
                }
                catch (Exception exception)
                {
                    lock (first)
                    {
                        if (i < failed)
                            (fault, failed) = (exception, i);
                    }
                }
            }
        }
    }
}

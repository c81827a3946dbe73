using ClipCore.Threads;

namespace ClipCore.Tests.Threads;

public class IndependentItemsTests
{
    [Test]
    public void Run_DoesEachItemOnce([Values(0, 1, 2, 1000)] int count)
    {
        int[] times = new int[count];
        IndependentItems.Run(count, i => Interlocked.Increment(ref times[i]));
        Assert.That(times, Is.All.EqualTo(1));
    }

    [Test]
    public void Run_WhereItemsFail_ThrowsTheFirstInOrder_AndBeginsNoMore()
    {
        int begun = 0;
        // All items of a machine's threads may be under way; the first to fail by the clock is not the first in order.
        Assert.That(() => IndependentItems.Run(10_000, i =>
        {
            Interlocked.Increment(ref begun);
            if (i == 0)
                Thread.Sleep(50);
            throw new FormatException($"item {i}");
        }), Throws.TypeOf<FormatException>().With.Message.EqualTo("item 0"));
        Assert.That(begun, Is.LessThanOrEqualTo(Environment.ProcessorCount));
    }

    [Test]
    public void Run_Cancelled_Ends()
    {
        using CancellationTokenSource source = new();
        int done = 0;
        Assert.That(() => IndependentItems.Run(1000, _ =>
        {
            Interlocked.Increment(ref done);
            source.Cancel();
        }, source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(done, Is.LessThanOrEqualTo(Environment.ProcessorCount));
    }

    [Test]
    [CancelAfter(20_000)]
    public void Run_WithoutAFreeThreadOfThePool_GoesOn()
    {
        // Called from the pool's own threads, all at once, it may not wait for a thread that they hold.
        Task[] callers = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(() => IndependentItems.Run(8, _ => Thread.Sleep(1))))];
        Assert.That(Task.WaitAll(callers, TimeSpan.FromSeconds(15)), Is.True);
    }
}

using ClipCore.Threads;

namespace ClipCore.Tests.Threads;

/// <summary>A team in good and bad times: a job's fields live on the caller's stack, so nobody may be inside it after Run has returned or thrown.</summary>
sealed class ThreadTeamTests
{
    const int Size = 4;

    /// <summary>Counts who is inside, and fails or dawdles where it is told to.</summary>
    sealed class Watcher
    {
        public int Inside, Entered, Items, Foreign;
    }

    struct Job : ITeamJob
    {
        public Watcher Watcher;
        public int Id, ItemCount, Delay;
        public bool CallerFails, MembersFail, WaitForMember;
        public WorkItems Work;

        public void Run(int member)
        {
            // All of it read from the job's fields while the job runs: on a dead frame they hold something else.
            Watcher watcher = Watcher;
            int id = Id;
            Interlocked.Increment(ref watcher.Inside);
            Interlocked.Increment(ref watcher.Entered);
            try
            {
                if (member == 0)
                {
                    if (WaitForMember)
                        SpinWait.SpinUntil(() => Volatile.Read(ref watcher.Entered) > 1, 2000);
                    if (CallerFails)
                        throw new InvalidOperationException($"caller {id}");
                }
                else
                {
                    if (Delay > 0)
                        Thread.Sleep(Delay);
                    if (MembersFail)
                        throw new InvalidOperationException($"member {id}");
                }
                while (Work.TryTake(out _))
                {
                    Interlocked.Increment(ref watcher.Items);
                    if (Delay > 0 && member != 0)
                        Thread.Sleep(Delay);
                    if (Id != id || !ReferenceEquals(Watcher, watcher))
                        Interlocked.Increment(ref watcher.Foreign);
                }
            }
            finally
            {
                Interlocked.Decrement(ref watcher.Inside);
            }
        }
    }

    static Job NewJob(int id, int items = 64, int delay = 0) =>
        new() { Watcher = new Watcher(), Id = id, ItemCount = items, Delay = delay, Work = new WorkItems(items) };

    [Test, CancelAfter(60_000)]
    public void CallersPartFails_WaitsForSlowMembers_AndThrowsTheCallersFailure()
    {
        using ThreadTeam team = new(Size);
        for (int round = 0; round < 20; round++)
        {
            Job job = NewJob(round, delay: 2) with { CallerFails = true, WaitForMember = true };
            Watcher watcher = job.Watcher;
            InvalidOperationException? thrown = Assert.Throws<InvalidOperationException>(() => RunCopy(team, job));
            Assert.That(thrown!.Message, Is.EqualTo($"caller {round}"));
            Assert.That(Volatile.Read(ref watcher.Inside), Is.Zero, "a member is still inside");
            Assert.That(watcher.Foreign, Is.Zero, "a member saw another job's fields");
        }
    }

    [Test, CancelAfter(60_000)]
    public void MemberFails_ThrowsItsFailure_AndTheNextJobIsClean()
    {
        using ThreadTeam team = new(2);
        Job job = NewJob(7) with { MembersFail = true, WaitForMember = true };
        Assert.That(() => RunCopy(team, job), Throws.InvalidOperationException.With.Message.EqualTo("member 7"));
        Job next = NewJob(8);
        Assert.That(() => RunCopy(team, next), Throws.Nothing);
        Assert.That(next.Watcher.Items, Is.EqualTo(64));
    }

    [Test, CancelAfter(60_000)]
    public void BothFail_ThrowsTheCallersFailure_AndKeepsNoneForTheNextJob()
    {
        using ThreadTeam team = new(Size);
        for (int round = 0; round < 20; round++)
        {
            Job job = NewJob(round, delay: 1) with { CallerFails = true, MembersFail = true, WaitForMember = true };
            Assert.That(() => RunCopy(team, job), Throws.InvalidOperationException.With.Message.EqualTo($"caller {round}"));
            Assert.That(() => RunCopy(team, NewJob(round)), Throws.Nothing, "the member's failure was kept");
        }
    }

    [Test, CancelAfter(120_000)]
    public void ManyJobs_WithRandomFailuresAndDelays_LeaveNobodyInside()
    {
        using ThreadTeam team = new(Size);
        Random random = new(11);
        for (int round = 0; round < 2000; round++)
        {
            Job job = NewJob(round, items: random.Next(1, 40), delay: random.Next(40) == 0 ? 1 : 0) with
            {
                CallerFails = random.Next(3) == 0,
                MembersFail = random.Next(3) == 0,
            };
            Watcher watcher = job.Watcher;
            bool failed = false;
            try
            {
                RunCopy(team, job);
            }
            catch (InvalidOperationException exception)
            {
                failed = true;
                Assert.That(exception.Message, Does.EndWith($" {round}"), "a failure of another job");
            }
            Assert.That(Volatile.Read(ref watcher.Inside), Is.Zero);
            Assert.That(watcher.Foreign, Is.Zero);
            if (!failed)
                Assert.That(watcher.Items, Is.EqualTo(job.ItemCount), "items were lost");
            else if (!job.MembersFail)
                Assert.That(job.CallerFails, Is.True);
            Trample();
        }
    }

    [Test, CancelAfter(60_000)]
    public void CallersThatShareATeam_FailEachByItself()
    {
        using ThreadTeam team = new(Size);
        Exception?[] unexpected = new Exception?[4];
        Thread[] callers = [.. Enumerable.Range(0, unexpected.Length).Select(caller => new Thread(() =>
        {
            try
            {
                for (int round = 0; round < 300; round++)
                {
                    Job job = NewJob((caller * 1000) + round) with { CallerFails = round % 2 == caller % 2 };
                    try
                    {
                        RunCopy(team, job);
                        if (job.CallerFails || job.Watcher.Items != 64)
                            throw new ApplicationException($"{job.Id}: {job.Watcher.Items} items");
                    }
                    catch (InvalidOperationException exception) when (job.CallerFails && exception.Message == $"caller {job.Id}")
                    {
                    }
                }
            }
            catch (Exception exception)
            {
                unexpected[caller] = exception;
            }
        }))];
        foreach (Thread thread in callers)
            thread.Start();
        foreach (Thread thread in callers)
            thread.Join();
        Assert.That(unexpected, Is.All.Null);
    }

    // A frame of its own: it is gone when the call returns.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    static void RunCopy(ThreadTeam team, Job job) => team.Run(ref job);

    /// <summary>Overwrites the stack below, where the job lay.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    static void Trample()
    {
        Span<byte> stack = stackalloc byte[2048];
        stack.Fill(0xA5);
        GC.KeepAlive(stack[^1]);
    }
}

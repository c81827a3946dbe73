using System.Diagnostics;
using ClipCore.Lanes;

namespace ClipCore.Measurement;

/// <summary>The fastest that this machine multiplies and adds: a loop of fused multiply-adds that never leaves the registers.</summary>
/// <remarks>Safe for many threads, but runs at the same time slow each other down.</remarks>
static class FmaPeak
{
    const int Repetitions = 7;

    /// <summary>GFLOP/s of one core, or of several at once: the best of several runs.</summary>
    /// <param name="isa">Register width.</param>
    /// <param name="threads">Threads that run at once, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static double Measure(Isa isa, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        double best = 0;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            double[] rates = new double[threads];
            Thread[] workers = new Thread[threads - 1];
            for (int i = 1; i < threads; i++)
            {
                int index = i;
                workers[i - 1] = new Thread(() => rates[index] = Rate(isa));
                workers[i - 1].Start();
            }
            rates[0] = Rate(isa);
            foreach (Thread worker in workers)
                worker.Join();
            best = Math.Max(best, rates.Sum());
        }
        return best;
    }

    static double Rate(Isa isa)
    {
        const int Steps = 200_000, Passes = 4;
        for (int i = 0; i < 3; i++)
            FusedChains.Run(isa, Steps / 10);
        long start = Stopwatch.GetTimestamp();
        FusedChains.Run(isa, Steps * Passes);
        return (double)FusedChains.Operations(isa) * Steps * Passes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }
}

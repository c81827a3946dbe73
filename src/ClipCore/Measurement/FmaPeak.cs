using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ClipCore.Lanes;

namespace ClipCore.Measurement;

/// <summary>The fastest that this machine multiplies and adds: a loop of fused multiply-adds that never leaves the registers.</summary>
/// <remarks>Safe for many threads, but runs at the same time slow each other down.</remarks>
public static class FmaPeak
{
    const int Accumulators = 12, Repetitions = 7;

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

    static double Rate(Isa isa) => isa switch
    {
        Isa.Vector512 => Rate<Lanes512, Vector512<float>>(),
        Isa.Vector256 => Rate<Lanes256, Vector256<float>>(),
        Isa.Vector128 => Rate<Lanes128, Vector128<float>>(),
        _ => Rate<Lanes1, float>(),
    };

    static double Rate<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        const int Steps = 200_000;
        for (int i = 0; i < 3; i++)
            _ = Run<TLanes, TVec>(Steps / 10);
        long start = Stopwatch.GetTimestamp();
        _ = Run<TLanes, TVec>(Steps * 4);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return 2.0 * Accumulators * TLanes.Count * Steps * 4 / seconds / 1e9;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static TVec Run<TLanes, TVec>(int steps) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        TVec x = TLanes.Fill(0.9999f), y = TLanes.Fill(1e-5f);
        TVec a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x, a10 = x, a11 = x;
        for (int i = 0; i < steps; i++)
        {
            a0 = TLanes.MultiplyAdd(a0, x, y);
            a1 = TLanes.MultiplyAdd(a1, x, y);
            a2 = TLanes.MultiplyAdd(a2, x, y);
            a3 = TLanes.MultiplyAdd(a3, x, y);
            a4 = TLanes.MultiplyAdd(a4, x, y);
            a5 = TLanes.MultiplyAdd(a5, x, y);
            a6 = TLanes.MultiplyAdd(a6, x, y);
            a7 = TLanes.MultiplyAdd(a7, x, y);
            a8 = TLanes.MultiplyAdd(a8, x, y);
            a9 = TLanes.MultiplyAdd(a9, x, y);
            a10 = TLanes.MultiplyAdd(a10, x, y);
            a11 = TLanes.MultiplyAdd(a11, x, y);
        }
        TVec s0 = TLanes.Add(TLanes.Add(a0, a1), TLanes.Add(a2, a3)), s1 = TLanes.Add(TLanes.Add(a4, a5), TLanes.Add(a6, a7));
        return TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(TLanes.Add(a8, a9), TLanes.Add(a10, a11)));
    }
}

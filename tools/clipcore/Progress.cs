using System.Diagnostics;
using System.Globalization;

namespace ClipCore.Cli;

/// <summary>One line on stderr that tells how far a long work is, its rate and the time left; silent where stderr is no terminal.</summary>
sealed class Progress : IProgress<int>, IDisposable
{
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly string _what;
    readonly string _unit;
    readonly long _total;
    readonly long _start;
    TimeSpan _next = s_pause;
    bool _isShown;

    /// <summary>Begins.</summary>
    /// <param name="what">What is done, such as <c>encoding</c>.</param>
    /// <param name="unit">What is counted, such as <c>images</c>.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="start">How many an earlier, interrupted work has done.</param>
    public Progress(string what, string unit, long total, long start = 0) => (_what, _unit, _total, _start) = (what, unit, total, start);

    void IProgress<int>.Report(int value) => Report(value);

    /// <summary>Tells that so many are done.</summary>
    public void Report(long done)
    {
        if (Console.IsErrorRedirected || _clock.Elapsed < _next)
            return;
        _next = _clock.Elapsed + s_pause;
        double rate = (done - _start) / _clock.Elapsed.TotalSeconds;
        string left = rate > 0 ? $", {Duration((_total - done) / rate)} left" : "";
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{_what}: {done} of {_total} {_unit}, {rate:0.0} {_unit}/s{left}   "));
        _isShown = true;
    }

    /// <summary>A time in the two largest units that fit it.</summary>
    public static string Duration(double seconds)
    {
        long whole = (long)Math.Min(seconds, 1e9);
        return whole switch
        {
            < 60 => $"{whole} s",
            < 3600 => $"{whole / 60} min {whole % 60} s",
            _ => $"{whole / 3600} h {whole / 60 % 60} min",
        };
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        if (_isShown)
            Console.Error.Write("\r" + new string(' ', 79) + "\r");
    }
}

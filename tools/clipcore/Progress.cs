using System.Diagnostics;
using System.Globalization;

namespace ClipCore.Cli;

/// <summary>One line on stderr that tells how far a long work is, its rate and the time left; silent where stderr is no terminal.</summary>
sealed class Progress : IProgress<int>, IDisposable
{
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly Lock _gate = new();
    readonly string _what;
    readonly string _unit;
    readonly long? _total;
    TimeSpan _next = s_pause;
    long _start = -1;
    bool _isShown;

    /// <summary>Begins.</summary>
    /// <param name="what">What is done, such as <c>encoding</c>.</param>
    /// <param name="unit">What is counted, such as <c>images</c>.</param>
    /// <param name="total">How many there are; null where nobody knows.</param>
    public Progress(string what, string unit, long? total) => (_what, _unit, _total) = (what, unit, total);

    /// <summary>Tells that so many are done. The first report of a work that goes on where it was tells what was done before.</summary>
    public void Report(int value)
    {
        if (Console.IsErrorRedirected)
            return;
        lock (_gate)
        {
            if (_start < 0)
                _start = value;
            if (_clock.Elapsed < _next)
                return;
            _next = _clock.Elapsed + s_pause;
            double rate = (value - _start) / _clock.Elapsed.TotalSeconds;
            string left = rate > 0 && _total is { } total ? $", {Duration((total - value) / rate)} left" : "", of = _total == null ? "" : $" of {_total}";
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{_what}: {value}{of} {_unit}, {rate:0.0} {_unit}/s{left}   "));
            _isShown = true;
        }
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

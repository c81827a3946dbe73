using System.Runtime.InteropServices;
using ClipCore.Files;

namespace ClipCore.Verification;

/// <summary>Hashes that grow stage by stage; what is added under one name is one stage.</summary>
sealed class StageHashes : IDisposable
{
    readonly List<string> _order = [];
    readonly Dictionary<string, Sha256> _open = [];
    readonly List<KeyValuePair<string, string>> _closed = [];

    /// <summary>Adds numbers to a stage.</summary>
    public void Add(string name, ReadOnlySpan<float> values) => Add(name, MemoryMarshal.AsBytes(values));

    /// <summary>Adds bytes to a stage.</summary>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        if (!_open.TryGetValue(name, out Sha256? hash))
        {
            _open[name] = hash = new Sha256();
            _order.Add(name);
        }
        hash.Append(bytes);
    }

    /// <summary>Ends all stages so far.</summary>
    public void Close()
    {
        foreach (string name in _order)
        {
            _closed.Add(KeyValuePair.Create(name, _open[name].Finish()));
            _open[name].Dispose();
        }
        _order.Clear();
        _open.Clear();
    }

    /// <summary>Ends all stages.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Finish()
    {
        Close();
        return _closed;
    }

    /// <summary>Frees the hashes that a failure left open.</summary>
    public void Dispose()
    {
        foreach (Sha256 hash in _open.Values)
            hash.Dispose();
    }
}

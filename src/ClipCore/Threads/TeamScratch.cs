using ClipCore.Memory;

namespace ClipCore.Threads;

/// <summary>Memory for each member of a team, one line of cache apart from the next.</summary>
sealed unsafe class TeamScratch(int members, int floats) : IDisposable
{
    readonly int _stride = (int)(((long)floats + 31) / 16 * 16);
    readonly AlignedBuffer _data = new(members * (((long)floats + 31) / 16 * 16));

    public long ByteCount => _data.Length * sizeof(float);

    public float* Member(int member) => _data.Data + ((long)member * _stride);

    public void Dispose() => _data.Dispose();
}

namespace ClipCore.Threads;

/// <summary>A counter that team members take items from; on a cache line of its own.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 128)]
struct WorkItems
{
    [System.Runtime.InteropServices.FieldOffset(64)]
    int _next;

    [System.Runtime.InteropServices.FieldOffset(68)]
    readonly int _count;

    public WorkItems(int count) => _count = count;

    /// <summary>Takes the next item; false when all are taken.</summary>
    public bool TryTake(out int item)
    {
        item = Interlocked.Increment(ref _next) - 1;
        return item < _count;
    }
}

namespace ClipCore.Memory;

/// <summary>A workspace on loan: it goes back to its pool however the call ends.</summary>
readonly ref struct Lease<T>(WorkspacePool<T> pool, T workspace) where T : class, IDisposable
{
    public T Value => workspace;

    public void Dispose() => pool.Return(workspace);
}

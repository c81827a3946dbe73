namespace ClipCore.Decomposition;

/// <summary>Memory of one decomposition.</summary>
sealed class EffectWorkspace(EffectRecord record) : IDisposable
{
    public EffectRecord Record => record;

    public EffectItemList Items { get; } = new();

    public void Dispose()
    {
        record.Dispose();
        Items.Dispose();
    }
}

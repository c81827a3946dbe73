using ClipCore.Memory;
using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>A linear layer: packed weights and padded bias.</summary>
sealed record LinearParameters(PackedMatrix Weight, AlignedBuffer Bias) : IDisposable
{
    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }
}

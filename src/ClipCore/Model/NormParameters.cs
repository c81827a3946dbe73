using ClipCore.Memory;

namespace ClipCore.Model;

/// <summary>Gain and bias of a LayerNorm.</summary>
sealed record NormParameters(AlignedBuffer Gain, AlignedBuffer Bias) : IDisposable
{
    public void Dispose()
    {
        Gain.Dispose();
        Bias.Dispose();
    }
}

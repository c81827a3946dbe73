using ClipCore.Memory;
using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>Memory of one pass of the text tower.</summary>
sealed unsafe class TextWorkspace(TransformerWorkspace transformer, int maxTexts, int embedWidth) : IDisposable
{
    readonly AlignedBuffer _output = new((long)maxTexts * Kernels.Padded(embedWidth));

    public TransformerWorkspace Transformer => transformer;

    public long ByteCount => transformer.ByteCount + (sizeof(float) * _output.Length);

    public MatrixView Output(int texts) => new(_output.Data, texts, embedWidth, Kernels.Padded(embedWidth));

    public void Dispose()
    {
        transformer.Dispose();
        _output.Dispose();
    }
}

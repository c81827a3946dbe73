using ClipCore.Memory;
using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>Memory of one pass of the vision tower.</summary>
sealed unsafe class VisionWorkspace(TransformerWorkspace transformer, int maxRows, int patchLength, int maxImages, int embedWidth) : IDisposable
{
    readonly AlignedBuffer _patches = new((long)maxRows * (patchLength + 16));
    readonly AlignedBuffer _output = new((long)maxImages * Kernels.Padded(embedWidth));

    public TransformerWorkspace Transformer => transformer;

    public int MaxImages => maxImages;

    public long ByteCount => transformer.ByteCount + (sizeof(float) * (_patches.Length + _output.Length));

    public MatrixView Patches(int rows) => new(_patches.Data, rows, patchLength, patchLength + 16);

    public MatrixView Output(int images) => new(_output.Data, images, embedWidth, Kernels.Padded(embedWidth));

    public void Dispose()
    {
        transformer.Dispose();
        _patches.Dispose();
        _output.Dispose();
    }
}

using ClipCore.Memory;
using ClipCore.Numerics;
using ClipCore.Threads;

namespace ClipCore.Model;

/// <summary>CLIP's vision transformer: pixels to image representations.</summary>
/// <param name="patchSize">Side of a patch in pixels (p).</param>
/// <param name="gridSize">Patches along a side (g).</param>
/// <param name="patchEmbedding">The patches' convolution as a matrix. [3·p·p × width]</param>
/// <param name="positions">Position embedding, the class embedding added to its first row. [1 + g² × width]</param>
/// <param name="normPre">LayerNorm before the first block.</param>
/// <param name="transformer">The blocks.</param>
/// <param name="normPost">LayerNorm of the class token after the last block.</param>
/// <param name="projection">To the space shared with texts. [width × e]</param>
sealed unsafe class VisionTower(
    int patchSize, int gridSize, PackedMatrix patchEmbedding, AlignedBuffer positions, NormParameters normPre, Transformer transformer,
    NormParameters normPost, PackedMatrix projection) : IDisposable
{
    public int TokenCount => 1 + (gridSize * gridSize);

    public int ImageSize { get; init; }

    public int PixelCount => 3 * ImageSize * ImageSize;

    public int EmbedWidth => projection.Columns;

    public Transformer Transformer => transformer;

    public NormParameters NormPost => normPost;

    public PackedMatrix Projection => projection;

    public VisionWorkspace CreateWorkspace(int maxImages, int teamSize) => new(
        new TransformerWorkspace(
            transformer.Kernels, transformer.Shape, maxImages * TokenCount, maxImages, TokenCount, teamSize),
        maxImages * TokenCount, patchEmbedding.Depth, maxImages, EmbedWidth);

    /// <summary>Image representations before their normalisation, into the workspace's output. [images × e]</summary>
    /// <param name="team">Who works.</param>
    /// <param name="work">Memory of this pass.</param>
    /// <param name="pixels">Normalised pixels. [images, 3, size, size]</param>
    /// <param name="images">Number of images, at most what the workspace holds.</param>
    /// <param name="probe">What looks on.</param>
    /// <param name="stats">Mean and 1/σ of each class token before the last LayerNorm, where not null. [images]</param>
    public MatrixView Encode<TProbe>(
        ThreadTeam team, VisionWorkspace work, float* pixels, int images, ref TProbe probe, LayerNormStats* stats)
        where TProbe : struct, IForwardProbe
    {
        Kernels kernels = transformer.Kernels;
        int tokens = TokenCount;
        Span<int> lengths = stackalloc int[images], pooled = stackalloc int[images];
        lengths.Fill(tokens);
        pooled.Clear();
        Sequences sequences = work.Transformer.LayOut(lengths, pooled);

        MatrixView patches = work.Patches(images * tokens);
        for (int image = 0; image < images; image++)
            CutPatches(pixels + (long)image * PixelCount, patches, image * tokens);

        MatrixView x = work.Transformer.Residual(images * tokens);
        kernels.Gemm(team, work.Transformer.Scratch, patches, patchEmbedding, null, Epilogue.Store, default, x);
        int width = transformer.Shape.Width;
        kernels.AddRows(team, new MatrixView(positions.Data, tokens, width), x);
        kernels.LayerNorm(team, x, normPre.Gain.Data, normPre.Bias.Data, transformer.Shape.Epsilon, null, x);

        transformer.Run(team, work.Transformer, sequences, ref probe);

        MatrixView last = work.Transformer.Pooled(images), normed = work.Transformer.PooledNormed(images), output = work.Output(images);
        kernels.LayerNorm(team, last, normPost.Gain.Data, normPost.Bias.Data, transformer.Shape.Epsilon, stats, normed);
        kernels.Gemm(team, work.Transformer.Scratch, normed, projection, null, Epilogue.Store, default, output);
        return output;
    }

    /// <summary>Patches as rows: channel, then row, then column, as the convolution's weights lie. The class token's row stays zero.</summary>
    void CutPatches(float* pixels, MatrixView patches, int firstRow)
    {
        int p = patchSize, size = ImageSize;
        new Span<float>(patches.Row(firstRow), patches.Columns).Clear();
        for (int gy = 0; gy < gridSize; gy++)
            for (int gx = 0; gx < gridSize; gx++)
            {
                float* destination = patches.Row(firstRow + 1 + (gy * gridSize) + gx);
                for (int channel = 0; channel < 3; channel++)
                    for (int y = 0; y < p; y++, destination += p)
                    {
                        float* source = pixels + ((((long)channel * size) + (gy * p) + y) * size) + (gx * p);
                        new ReadOnlySpan<float>(source, p).CopyTo(new Span<float>(destination, p));
                    }
            }
    }

    public void Dispose()
    {
        patchEmbedding.Dispose();
        positions.Dispose();
        normPre.Dispose();
        transformer.Dispose();
        normPost.Dispose();
        projection.Dispose();
    }
}

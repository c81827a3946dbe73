using ClipCore.DataSets;
using ClipCore.Images;

namespace ClipCore.Cli.Data;

/// <summary>Pictures.</summary>
sealed class PicturePixels(ImageSet images, ImagePreprocessor preprocessor, long maxPixels, bool strict) : PixelSource
{
    public override int Count => images.Count;

    public override string DataName => images.Name;

    public override string Name(int image) => images.Entries[image].Image.Name;

    protected override IEnumerable<PixelBatch> Batches(CancellationToken cancellation)
    {
        foreach (ImageBatch batch in ImageBatches.Read(images, preprocessor, BatchSize, maxPixels, strict, cancellation))
        {
            Skipped.AddRange(batch.Skipped);
            yield return new PixelBatch(batch.Indices, batch.Pixels);
        }
    }
}

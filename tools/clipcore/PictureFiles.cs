using System.CommandLine;
using ClipCore.Images;
using ClipCore.Reports.Pictures;

namespace ClipCore.Cli;

/// <summary>Picture files.</summary>
sealed class PictureFiles(string[] paths, ImagePreprocessor preprocessor, long maxPixels) : PixelSource
{
    public override int Count => paths.Length;

    public override string Name(int image) => paths[image];

    public override void Read(int image, Span<float> pixels) =>
        preprocessor.Normalize(preprocessor.Prepare(ImageDecoder.Load(paths[image], maxPixels)).Rgb, pixels);
}

using BenchmarkDotNet.Attributes;
using ClipCore.Images;
using ClipCore.Reports.Pictures;

namespace ClipCore.Benchmarks;

/// <summary>From the bytes of a picture to the pixels that a model of 224 × 224 takes.</summary>
// The compiler needs thirty calls, and a moment, before it optimises code whose loops are many and small.
[WarmupCount(8)]
public class ImageBenchmarks
{
    const int Size = 224;

    readonly ImagePreprocessor _preprocessor = new(new PreprocessConfig { Size = Size });
    byte[] _file = [];
    DecodedImage _decoded = null!;
    float[] _pixels = [];

    /// <summary>A picture of the samples: a JPEG of 480 × 360 pixels, a PNG of 640 × 480.</summary>
    [Params("rocket-at-night.jpg", "giraffe-and-tree.png")]
    public string Picture { get; set; } = "";

    /// <summary>Reads the file.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _file = File.ReadAllBytes(Repository.File($"weights/demo/samples/{Picture}"));
        _decoded = ImageDecoder.Decode(_file, Picture);
        _pixels = new float[_preprocessor.PixelCount];
    }

    /// <summary>Decodes it.</summary>
    [Benchmark(Description = "decode")]
    public void Decode() => ImageDecoder.Decode(_file, Picture);

    /// <summary>Resizes and crops it.</summary>
    [Benchmark(Description = "resize")]
    public void Resize() => _preprocessor.Prepare(_decoded);

    /// <summary>Decodes, resizes, crops and normalises it.</summary>
    [Benchmark(Description = "all, normalised")]
    public void All() => _preprocessor.Normalize(_preprocessor.Prepare(ImageDecoder.Decode(_file, Picture)).Rgb, _pixels);
}

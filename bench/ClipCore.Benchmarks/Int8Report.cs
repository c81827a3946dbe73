using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using ClipCore.Decomposition;
using ClipCore.Files;

namespace ClipCore.Benchmarks;

/// <summary>What 8-bit integers would bring: the speed of a prototype tile, and the error of the built-in model's representations and direct effects.</summary>
static class Int8Report
{
    /// <summary>Measures and writes <c>bench/results/&lt;cpu&gt;/int8.md</c>.</summary>
    /// <returns>The program's exit code.</returns>
    public static int Write()
    {
        if (!Avx512BW.IsSupported)
        {
            Console.Error.WriteLine("The prototype needs AVX-512 (F and BW), which this processor or runtime does not offer.");
            return 1;
        }
        double speedup = Int8Tile.Speedup();
        using ClipModel exact = ClipModel.Load(Repository.File("weights/demo"));
        using ClipModel rounded =
            ClipModel.Load(Repository.File("weights/demo"), new ClipModelOptions { WrapKernels = (kernels, _) => new QuantizedKernels(kernels) });
        // The first image of each model rounds its weights; directions come from weights that are not rounded, so that both decompose along the same ones.
        double worst = 1, sum = 0, effects = 0, largest = 0;
        string[] pictures = [.. Directory.GetFiles(Repository.File("weights/demo/data/scenes"), "*.png", SearchOption.AllDirectories)
            .Where(path => !path.Contains("mask", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(100)];
        foreach (string picture in pictures)
        {
            float[] pixels = exact.Preprocessor.Load(picture);
            DirectEffects a = exact.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Head }),
                b = rounded.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Head });
            double cosine = a.RepresentationValues.Zip(b.RepresentationValues, (x, y) => (double)x * y).Sum();
            worst = Math.Min(worst, cosine);
            sum += cosine;
            effects = Math.Max(effects, a.AttentionValues.Zip(b.AttentionValues, (x, y) => Math.Abs((double)x - y)).Max());
            largest = Math.Max(largest, a.AttentionValues.Max(value => Math.Abs((double)value)));
        }
        string text = FormattableString.Invariant($"""
            # What 8-bit integers would bring

            Printed by `dotnet run -c Release --project bench/ClipCore.Benchmarks -- --int8` on {Machine.Processor}, {RuntimeInformation.FrameworkDescription}.
            A prototype of the tile with vpmaddubsw and vpmaddwd (no VNNI in .NET 10) beside the tile in single precision, in turns;
            the error over {pictures.Length} scenes of the built-in model.

            | | |
            |---|---:|
            | Speed of the tile over single precision | {speedup:0.00} |
            | Cosine to the exact representation, mean | {sum / pictures.Length:0.00000} |
            | Cosine to the exact representation, worst | {worst:0.00000} |
            | Largest error of a head's direct effect | {effects:0.0e+0} |
            | Largest direct effect of a head | {largest:0.0e+0} |

            It would be shipped from 1.5 times the speed at a cosine of 0.999: {(speedup >= 1.5 && worst >= 0.999 ? "both hold" : "that does not hold")}.

            """).ReplaceLineEndings("\n");
        string folder = Repository.File($"bench/results/{Machine.Slug}");
        Directory.CreateDirectory(folder);
        using OutputFile output = new(Path.Combine(folder, "int8.md"));
        output.Stream.Write(Encoding.UTF8.GetBytes(text));
        output.Commit();
        Console.Write(text);
        return 0;
    }
}

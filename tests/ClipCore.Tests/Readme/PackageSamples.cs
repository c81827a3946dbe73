// README begin
using ClipCore.DataSets;
using ClipCore.Images;
using ClipCore.Reports.Pictures;
using ClipCore.Reports.Plots;
// README end

namespace ClipCore.Tests.Readme;

/// <summary>The samples of the READMEs of the packages beside the library, word for word: <see cref="LibraryReadmeTests"/> compares and runs them.</summary>
static class PackageSamples
{
    public static void Run()
    {
        DataSets();
        Pictures();
    }

    static void DataSets()
    {
        // README begin
        ImageSet birds = ImageSetReader.Open("weights/demo/data/waterbirds");
        Console.WriteLine($"{birds.Count} images of {string.Join(" and ", birds.ClassNames)}; splits: {string.Join(", ", birds.Splits)}");
        foreach (ImageEntry entry in birds.Entries.Take(3))
            Console.WriteLine($"{entry.Image.Name}: class {entry.Label}, attribute {entry.Attribute}");
        // README end
    }

    static void Pictures()
    {
        // README begin
        float[] map = [.. Enumerable.Range(0, 144).Select(i => (i % 12) - 5.5f)];
        PreparedImage prepared = new ImagePreprocessor(new PreprocessConfig { Size = 96 }).Prepare(ImageDecoder.Load("weights/demo/samples/owl-on-water.png"));
        Canvas canvas = Canvas.Of(prepared, zoom: 4);
        new Heatmap(map, rows: 12, columns: 12, Heatmap.ScaleOf(map)).DrawOver(canvas, 0, 0, size: 4 * 96);
        canvas.Save("owl.png");

        Plot plot = SpuriousPlot.Draw([], before: 0.55, after: 0.75, random: [0.54, 0.55]);
        File.WriteAllText("plot.svg", plot.ToSvg());
        // README end
    }
}

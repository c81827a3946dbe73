using System.Globalization;
using ClipCore.Ablation;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Explanation;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Numerics;
using ClipCore.Reports.Explanations;
using ClipCore.Segmentation;
using ClipCore.TextSpan;

// The paper's experiments with nothing but the packages' public API: a store, TEXTSPAN, Waterbirds, segmentation and a page.
// usage: experiments MODEL DATA OUT, such as: experiments weights/demo weights/demo/data artifacts/experiments

if (args is not [var modelPath, var data, var output])
{
    Console.Error.WriteLine("usage: experiments MODEL DATA OUT");
    return 2;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Directory.CreateDirectory(output);
using ClipModel model = ClipModel.Load(modelPath);

// Pictures of birds on land and water, with class, background and split, kept in a store: every head in k + 3 numbers an image.
ImageSet birds = ImageSetReader.Open(Path.Combine(data, "waterbirds"));
string folder = Path.Combine(output, "store");
StoreRunResult run = EffectStore.Run(model, birds, folder);
Console.WriteLine($"store: {run.Images} images, {run.Skipped.Count} skipped");
using EffectStore store = EffectStore.Open(folder);

// TEXTSPAN from the store's statistics: which texts span what a head says.
TextPool pool = TextPool.Load(Path.Combine(modelPath, "descriptions.txt"));
float[] texts = pool.Encode(model);
IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans =
    TextSpanExperiment.Spans(store, texts, new TextSpanOptions { Count = 5, Rank = 32, LastLayers = 2 });
foreach ((ComponentLabel head, TextSpanResult span) in spans)
    Console.WriteLine($"{head}: {string.Join("; ", span.Indices.Take(3).Select(index => pool.Texts[index]))} ({span.ExplainedVariance[^1]:0%} explained)");

// The head that looks at the background is replaced by its mean: the worst group gains.
ClassList classes = new(["landbird", "waterbird"]) { Prompts = ["a land bird", "a water bird"], Templates = ["a photo of {}", "a drawing of {}"] };
LinearClassifier classifier = model.CreateClassifier(classes.Match(birds));
SpuriousResult spurious = SpuriousExperiment.Run(DataSplits.ToJudge(store), classifier, [ComponentLabel.OfHead(4, 3)]);
Console.WriteLine($"worst group: {spurious.Baseline.Worst:0.0%} before, {spurious.Replaced.Worst:0.0%} after; "
    + $"random heads {spurious.Random.Average(draw => draw.Accuracy.Worst):0.0%}");

// A mask for an object from the patches that speak for it.
string picture = Path.Combine(modelPath, "samples", "duck-in-forest.png");
float[] rows = new float[2 * model.EmbedWidth];
string[] names = ["a duck", "a forest"];
model.EncodeTexts(names, rows);
LinearClassifier things = new(rows, model.EmbedWidth) { Names = names };
using (Segmenter segmenter = new(model, things))
{
    SegmentedImage mask = segmenter.Segment(ImageSource.OfFile(picture));
    Console.WriteLine($"{names[mask.Class]}: {mask.Mask.Foreground.ToArray().Average(value => value ? 1.0 : 0.0):0%} of the picture");
}

// A page that shows which parts of the model made the scores.
ImageExplanation explanation = ImageExplanation.Create(model, ImageDecoder.Load(picture), things);
Provenance provenance = new(model.Identity.Name, model.Identity.Sha256, model.Isa.ToString(), model.ThreadCount, explanation.MeanShare,
    "samples/experiments", "0");
ExplanationReport.Write(Path.Combine(output, "explanation"), explanation, provenance);
Console.WriteLine($"page: {Path.Combine(output, "explanation", "index.html")}; the parts add up within {explanation.Completeness:0.0e+00}");
return spurious.Replaced.Worst > spurious.Baseline.Worst && explanation.Completeness < 1e-5 ? 0 : 1;

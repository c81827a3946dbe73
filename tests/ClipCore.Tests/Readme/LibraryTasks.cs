// README begin
using System.Numerics.Tensors;
using ClipCore.Ablation;
using ClipCore.Atlas;
using ClipCore.Checkpoints;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Explanation;
using ClipCore.Images;
using ClipCore.Numerics;
using ClipCore.Reports.Explanations;
using ClipCore.Retrieval;
using ClipCore.Segmentation;
using ClipCore.TextSpan;
// README end

namespace ClipCore.Tests.Readme;

/// <summary>The samples of the library's README, word for word: <see cref="LibraryReadmeTests"/> compares and runs them.</summary>
static class LibraryTasks
{
    public static void Run()
    {
        // README begin
        using ClipModel model = ClipModel.Load("weights/demo");
        Console.WriteLine($"{model.VisionConfig.LayerCount} layers of {model.VisionConfig.HeadCount} heads, {model.EmbedWidth} shared dimensions");
        // README end

        // README begin
        string[] paths = ["weights/demo/samples/duck-in-forest.png", "weights/demo/samples/owl-on-water.png"];
        float[] images = model.EncodeImageRows(paths);                    // [2, e], each of length 1
        float[] texts = model.EncodeTextRows(["a duck", "an owl"]);       // [2, e]
        float[] probabilities = model.Probabilities(images.AsSpan(0, model.EmbedWidth), texts);
        Console.WriteLine($"{paths[0]}: {probabilities[0]:0.00} a duck, {probabilities[1]:0.00} an owl");

        float[] pixels = model.Preprocessor.Load(paths[0]);               // [3, h, w], normalised
        float[] image = model.EncodeImage(pixels);                        // the same bits as above
        // README end
        Assert.That(image, Is.EqualTo(images[..model.EmbedWidth]));

        Decompose(model, pixels, texts);
        Capture(model, pixels);
        Explain(model);

        // README begin
        ImageSet birds = ImageSetReader.Open("weights/demo/data/waterbirds");
        StoreRunResult run = EffectStore.Run(model, birds, "store");      // goes on where an interrupted run was
        Console.WriteLine($"{run.Images} images, {run.Skipped.Count} skipped");
        using EffectStore store = EffectStore.Open("store");

        TextPool pool = TextPool.Load("weights/demo/descriptions.txt");   // for real checkpoints: weights/pools/general.tsv
        float[] descriptions = pool.Encode(model);
        TextSpanOptions options = new() { Count = 5, Rank = 32, LastLayers = 2 };
        foreach ((ComponentLabel head, TextSpanResult span) in TextSpanExperiment.Spans(store, descriptions, options))
            Console.WriteLine($"{head}: {pool.Texts[span.Indices[0]]} ({span.ExplainedVariance[^1]:0%} of its variance in {span.Indices.Length} texts)");

        HeadAtlas atlas = HeadAtlas.Build(store, pool, descriptions, options: new AtlasOptions { Spans = options });
        AtlasHead background = atlas[ComponentLabel.OfHead(4, 3)];
        Console.WriteLine($"{background.Head}: {background.Texts[0].Text}, most of all image {background.Texts[0].Top[0].Image}");
        // README end

        Search(model, store);
        Spurious(model, birds, store);
        Segment(model);
        DataSet(model);
        Memory();
        Errors();
    }

    static void Decompose(ClipModel model, float[] pixels, float[] texts)
    {
        // README begin
        using EffectDirections directions = model.CreateDirections(texts);
        DirectEffects effects = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Head, Directions = directions });
        Console.WriteLine($"head 3 of layer 4 adds {effects.Head(4, 3)[0]} to the cosine with the first text");

        DirectEffects vectors = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Patch });
        ReadOnlySpan<float> patch = vectors.Patch(4, 3, token: 1);        // [e]: what this head wrote from the first patch; token 0 is the class token
        Console.WriteLine($"{vectors.PartCount} parts add up to the representation within {vectors.Completeness[0]}");
        // README end
        Assert.That(patch.Length, Is.EqualTo(model.EmbedWidth));
    }

    static void Capture(ClipModel model, float[] pixels)
    {
        // README begin
        CaptureResult captured = model.Capture(pixels, new CaptureOptions
        {
            PatternLayers = [3, 4],
            PatternHeads = [3],
            ClassTokenPatternsOnly = true,
            ResidualPostLayers = [2],
            PatchTokens = true,
        });
        Tensor<float> pattern = captured.Patterns(4);                     // [b, H, n]: where the class token looks, for each head that was asked for
        Tensor<float> residual = captured.ResidualPost(2);                // [b, n, d]
        Tensor<float> patches = captured.PatchTokens!;                    // [b, N, e]
        // README end
        Assert.That(pattern.Lengths.ToArray(), Is.EqualTo(new nint[] { 1, 1, model.VisionConfig.TokenCount }));
        Assert.That(residual.Lengths[2], Is.EqualTo((nint)model.VisionConfig.Width));
        Assert.That(patches.Lengths[2], Is.EqualTo((nint)model.EmbedWidth));
    }

    static void Explain(ClipModel model)
    {
        // README begin
        string[] names = ["a duck in a forest", "a duck on water"];
        LinearClassifier candidates = new(model.EncodeTextRows(names), model.EmbedWidth) { Names = names };
        ImageExplanation explanation = ImageExplanation.Create(model, ImageDecoder.Load("weights/demo/samples/duck-in-forest.png"), candidates);
        foreach (HeadEffect head in explanation.StrongestHeads(text: 0, count: 3))
            Console.WriteLine($"{head.Label} {head.Effect:+0.000;-0.000}");
        float[] map = explanation.Map(text: 0, contrast: true);           // [rows * columns]: which patches speak for the text, against the others

        // With the package ClipCore.Reports: index.html, its pictures and explanation.json.
        ExplanationReport.Write("explanation", explanation, Provenance.Of(model, "my program", "1.0"));
        // README end
        Assert.That(map, Has.Length.EqualTo(explanation.PatchCount));
        Assert.That(File.Exists("explanation/index.html"));
    }

    static void Search(ClipModel model, EffectStore store)
    {
        // README begin
        SearchTerm bird = SearchTerm.ForText("a bird", model);            // by the whole representation
        SearchTerm place = SearchTerm.LikeImage(0, [ComponentLabel.OfHead(4, 3)]);   // by what one head says: the same background as image 0
        foreach (FoundImage found in ImageSearch.Find(store, [bird, place], count: 5))
            Console.WriteLine($"{found.Score:0.00} {found.Name}");
        // README end
    }

    static void Spurious(ClipModel model, ImageSet birds, EffectStore store)
    {
        // README begin
        ClassList classes = new(["landbird", "waterbird"]) { Prompts = ["a land bird", "a water bird"], Templates = ["a photo of {}", "a drawing of {}"] };
        LinearClassifier classifier = model.CreateClassifier(classes.Match(birds));
        SpuriousResult result = SpuriousExperiment.Run(DataSplits.ToJudge(store), classifier, [ComponentLabel.OfHead(4, 3)]);
        Console.WriteLine($"worst group: {result.Baseline.Worst:0.0%} before, {result.Replaced.Worst:0.0%} after");

        AblationTable table = MeanAblation.Run(store, classifier);
        Console.WriteLine($"accuracy {table.Baseline:0.0%}; {table.Mlps:0.0%} with all MLPs replaced by their means");
        // README end
        Assert.That(result.Replaced.Worst, Is.GreaterThan(result.Baseline.Worst));
    }

    static void Segment(ClipModel model)
    {
        // README begin
        string[] things = ["a duck", "a forest"];
        LinearClassifier two = new(model.EncodeTextRows(things), model.EmbedWidth) { Names = things };
        using Segmenter segmenter = new(model, two);
        SegmentedImage segmented = segmenter.Segment(ImageSource.OfFile("weights/demo/samples/duck-in-forest.png"));
        Console.WriteLine($"{things[segmented.Class]}: {segmented.Mask.ForegroundShare:0%} of {segmented.Mask.Width} × {segmented.Mask.Height} pixels");

        ObjectMask truth = ObjectMask.Read(ImageSource.OfFile("weights/demo/data/scenes/0000_mask.png"));
        Console.WriteLine($"a true mask: {truth.ShareOf(1):0%} object, {truth.ShareOf(-1):0%} left out");
        // README end
    }

    static void DataSet(ClipModel model)
    {
        // README begin
        File.WriteAllText("list.csv", "image,label\nweights/demo/samples/owl-on-water.png,owl\nweights/demo/samples/duck-in-forest.png,duck\n");
        ImageSet pictures = ImageSetReader.Open("list.csv");              // of the package ClipCore.DataSets; a folder of class folders works too
        ClassList known = ClassList.Load("weights/demo/classes.json");    // or lines of names, id<TAB>name, ImageNet's LOC_synset_mapping.txt
        ClassList matched = known.Match(pictures);                        // in the order of the data's labels; an unknown name is refused
        LinearClassifier judge = model.CreateClassifier(matched);         // [c, e]: the mean over the templates, of length 1
        // README end
        Assert.That(judge.ClassCount, Is.EqualTo(matched.Count));
    }

    static void Memory()
    {
        // README begin
        ClipModelOptions small = new() { Towers = TowerSelection.VisionOnly, Weights = WeightFormat.Half, Threads = 1 };
        using ClipModel half = ClipModel.Load("weights/demo", small);
        half.Warmup();
        Console.WriteLine($"{half.ResidentBytes} bytes of weights");
        // README end
    }

    static void Errors()
    {
        // README begin
        try
        {
            using ClipModel none = ClipModel.Load("no-such-folder");
        }
        catch (IOException exception)                                     // CheckpointException, SafetensorsException, VocabularyException, ImageException, …
        {
            Console.WriteLine(exception.Message);
        }
        // README end
    }
}

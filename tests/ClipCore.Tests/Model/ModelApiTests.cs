using System.Numerics.Tensors;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Numerics;
using ClipCore.Text;

namespace ClipCore.Tests.Model;

/// <summary>The front door: files, streams, flat arrays, classes, names.</summary>
sealed class ModelApiTests
{
    static ClipModel s_model = null!;
    static string[] s_paths = [];

    [OneTimeSetUp]
    public void Load()
    {
        s_model = ClipModel.Load(TestData.Demo());
        s_paths = [.. Directory.EnumerateFiles(TestData.Golden("models/tiny-gelu/prs_dataset/images"), "*.png", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)];
        s_paths = [.. s_paths, .. s_paths.Reverse()];
    }

    [OneTimeTearDown]
    public void Free() => s_model.Dispose();

    static float[] OneByOne => [.. s_paths.SelectMany(path => s_model.EncodeImage(s_model.Preprocessor.Load(path)))];

    [Test]
    public void EncodeImages_OfFilesStreamsAndSources_HaveTheBitsOfOneByOne()
    {
        float[] expected = OneByOne, rows = new float[expected.Length];
        Counts counts = new();
        s_model.EncodeImages(s_paths, rows, progress: counts);
        Assert.That(rows, Is.EqualTo(expected));
        Assert.That(counts.Last, Is.EqualTo(s_paths.Length));
        Assert.That(s_model.EncodeImageRows(s_paths), Is.EqualTo(expected));
        ImageSource[] sources = [.. s_paths.Select((path, i) => i % 2 == 0 ? ImageSource.OfFile(path) : ImageSource.OfBytes($"n{i}", File.ReadAllBytes(path)))];
        Assert.That(s_model.EncodeImageRows(sources), Is.EqualTo(expected));
        Stream[] streams = [.. s_paths.Select((path, i) => i % 2 == 0 ? (Stream)File.OpenRead(path) : new MemoryStream(File.ReadAllBytes(path)))];
        Assert.That(s_model.EncodeImageRows(streams), Is.EqualTo(expected));
        Assert.That(streams, Is.All.Matches<Stream>(stream => stream!.CanRead), "streams are the caller's to dispose");
        foreach (Stream stream in streams)
            stream.Dispose();
    }

    [Test]
    public void Decompose_OfFilesAndStreams_HasTheBitsOfOneByOne()
    {
        float[] texts = s_model.EncodeTextRows(["a photo of a cat", "a cup"]);
        using EffectDirections directions = s_model.CreateDirections(texts);
        DecomposeOptions options = new() { Level = EffectLevel.Patch, Directions = directions };
        float[] expected = [.. s_paths.SelectMany(path => s_model.Decompose(s_model.Preprocessor.Load(path), options).AttentionValues)];
        List<float> got = [];
        int next = 0;
        void Take(int first, DirectEffects effects)
        {
            Assert.That(first, Is.EqualTo(next));
            next += effects.ImageCount;
            got.AddRange(effects.AttentionValues);
        }
        Counts counts = new();
        s_model.Decompose(s_paths, Take, options, progress: counts);
        Assert.That(got, Is.EqualTo(expected));
        Assert.That(counts.Last, Is.EqualTo(s_paths.Length));
        got.Clear();
        next = 0;
        s_model.Decompose(s_paths.Select(path => (Stream)new MemoryStream(File.ReadAllBytes(path))), Take, options);
        Assert.That(got, Is.EqualTo(expected));
    }

    [Test]
    public void BadPicture_IsNamed_AndTheFirstOneIsReported()
    {
        using TemporaryFolder folder = new();
        string bad = folder.Write("bad.png", "no picture"), worse = folder.Write("worse.png", "none either");
        Assert.That(() => s_model.EncodeImageRows([s_paths[0], bad, s_paths[1], worse]), Throws.InstanceOf<ImageException>().With.Message.Contains("bad.png"));
        Assert.That(() => s_model.EncodeImageRows([s_paths[0], folder.File("absent.png")]), Throws.InstanceOf<FileNotFoundException>());
        Assert.That(() => s_model.EncodeImageRows([s_paths[0]], maxPixels: 10), Throws.InstanceOf<ImageException>().With.Message.Contains("10 pixels"));
        Assert.That(
            () => s_model.EncodeImageRows([(Stream)new MemoryStream([1, 2, 3])]), Throws.InstanceOf<ImageException>().With.Message.Contains("image 0"));
        Assert.That(() => s_model.EncodeImages(s_paths, new float[3]), Throws.ArgumentException);
    }

    [Test]
    public void Cancellation_IsLookedAtBetweenPasses()
    {
        using CancellationTokenSource source = new();
        Counts counts = new() { OnReport = _ => source.Cancel() };
        Assert.That(
            () => s_model.Decompose(s_paths, (_, _) => { }, progress: counts, cancellation: source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(counts.Last, Is.EqualTo(8), "one batch was done");
        Assert.That(() => s_model.EncodeImageRows(s_paths, cancellation: source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => s_model.EncodeTextRows(["a"], cancellation: source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => s_model.CreateClassifier(new ClassList(["cat"]), cancellation: source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void FlatAndShapedResults_AreTheSame()
    {
        string[] texts = ["a cat", "a dog on a beach", "a cup"];
        float[] rows = s_model.EncodeTextRows(texts), other = new float[rows.Length];
        s_model.EncodeTexts(texts, other);
        Assert.That(other, Is.EqualTo(rows));
        Array.Clear(other);
        s_model.EncodeTexts(texts.AsSpan(), other);
        Assert.That(other, Is.EqualTo(rows));
        Tensor<float> shaped = s_model.EncodeTexts(texts);
        Assert.That(shaped.Lengths.ToArray(), Is.EqualTo((nint[])[3, s_model.EmbedWidth]));
        float[] image = s_model.EncodeImage(s_model.Preprocessor.Load(s_paths[0]));
        Assert.That(s_model.Logits(image, shaped), Is.EqualTo(s_model.Logits(image, rows)));
        Assert.That(s_model.Probabilities(image, shaped), Is.EqualTo(s_model.Probabilities(image, rows)));
        using EffectDirections flat = s_model.CreateDirections(rows), matrix = s_model.CreateDirections(shaped);
        Assert.That(matrix.Values.ToArray(), Is.EqualTo(flat.Values.ToArray()));
        Assert.That(() => s_model.CreateDirections(Tensor.Create(rows, [s_model.EmbedWidth, 3])), Throws.ArgumentException);
        rows[0] = float.NaN;
        Assert.That(() => s_model.CreateDirections(rows), Throws.ArgumentException.With.Message.Contains("not finite"));
    }

    [Test]
    public void Classifier_HasTheBitsOfTextsAveragedClassByClass()
    {
        ClassList classes = new(["cat", "dog", "cup", "boat", "tree"]) { Prompts = ["tabby cat", "dog", "cup of coffee", "boat", "tree"] };
        string[] templates = [.. ClassList.PhotoTemplates];
        Counts counts = new();
        LinearClassifier classifier = s_model.CreateClassifier(classes, progress: counts);
        Assert.That(classifier.Names, Is.EqualTo(classes.Names));
        Assert.That(classifier.Templates, Is.EqualTo(templates));
        Assert.That(counts.Last, Is.EqualTo(5));
        int e = s_model.EmbedWidth;
        for (int c = 0; c < 5; c++)
        {
            float[] rows = s_model.EncodeTextRows([.. templates.Select(template => template.Replace("{}", classes.Prompts[c], StringComparison.Ordinal))]);
            double[] sums = new double[e];
            for (int i = 0; i < rows.Length; i++)
                sums[i % e] += rows[i];
            double squares = 0;
            foreach (double sum in sums)
                squares += sum * sum;
            Assert.That(classifier.Rows.Slice(c * e, e).ToArray(), Is.EqualTo((float[])[.. sums.Select(sum => (float)(sum / Math.Sqrt(squares)))]));
        }
        float[] encoded = new float[5 * e];
        s_model.EncodeClasses([.. classes.Prompts], templates).FlattenTo(encoded);
        Assert.That(encoded, Is.EqualTo(classifier.Rows.ToArray()));
        Assert.That(() => s_model.CreateClassifier(classes, ["no slot"]), Throws.ArgumentException);
        Assert.That(s_model.CreateClassifier(classes with { Templates = ["the {}"] }).Templates, Is.EqualTo((string[])["the {}"]));
    }

    [Test]
    public void LogitBias_IsAddedToLogits_AndChangesNoProbability()
    {
        using AlteredModel altered = new((_, _) => { }, ("logit_bias", -3.5f));
        using ClipModel biased = altered.Load(), plain = new GoldenModel("tiny-gelu", "tiny-gelu").Load();
        Assert.That((plain.LogitBias, biased.LogitBias), Is.EqualTo((0f, -3.5f)));
        int e = plain.EmbedWidth;
        float[] image = [.. Enumerable.Range(0, e).Select(i => i == 0 ? 1f : 0f)], texts = new float[2 * e];
        (texts[0], texts[e]) = (0.5f, -0.25f);
        Assert.That(plain.Logits(image, texts), Is.EqualTo((float[])[plain.LogitScale * 0.5f, plain.LogitScale * -0.25f]).Within(1e-5));
        Assert.That(biased.Logits(image, texts), Is.EqualTo((float[])[(biased.LogitScale * 0.5f) - 3.5f, (biased.LogitScale * -0.25f) - 3.5f]).Within(1e-5));
        Assert.That(biased.Probabilities(image, texts), Is.EqualTo(plain.Probabilities(image, texts)).Within(1e-6));
    }

    [Test]
    public void Identity_HasTheGivenName()
    {
        string folder = new GoldenModel("tiny-gelu", "tiny-gelu").Folder;
        using ClipModel named = ClipModel.Load(folder, new ClipModelOptions { Name = "my model" }), plain = ClipModel.Load(folder);
        Assert.That(named.Identity, Is.EqualTo(new ModelIdentity("my model", plain.Identity.Sha256)));
        Assert.That(plain.Identity.Name, Is.EqualTo(folder));
        Assert.That(() => ClipModel.Load(folder, new ClipModelOptions { Name = " " }), Throws.ArgumentException);
    }

    [Test]
    public void Warmup_ChangesNoResult()
    {
        using ClipModel model = ClipModel.Load(TestData.Demo());
        float[] pixels = model.Preprocessor.Load(s_paths[0]);
        float[] before = s_model.EncodeImage(pixels);
        model.Warmup();
        Assert.That(model.EncodeImage(pixels), Is.EqualTo(before));
    }

    [Test]
    public void TextEncoder_SeesProgressAndRoom()
    {
        string[] texts = [.. Enumerable.Range(0, 150).Select(i => $"text number {i}")];
        Counts counts = new();
        float[] rows = new float[texts.Length * s_model.EmbedWidth];
        ((ITextEncoder)s_model).EncodeTexts(texts, rows, true, counts);
        Assert.That(counts.Seen, Is.EqualTo((int[])[64, 128, 150]));
        Assert.That(() => s_model.EncodeTexts(texts, new float[1]), Throws.ArgumentException);
    }

    sealed class Counts : IProgress<int>
    {
        public List<int> Seen { get; } = [];

        public Action<int>? OnReport { get; init; }

        public int Last => Seen[^1];

        public void Report(int value)
        {
            Seen.Add(value);
            OnReport?.Invoke(value);
        }
    }
}

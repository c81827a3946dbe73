using System.Text.Json;
using ClipCore.Npy;

namespace ClipCore.Tests.Model;

/// <summary>The zero-shot classifier of the paper's 80 templates, against the reference code. The prompts and CLIP's vocabulary may not be copied.</summary>
sealed class ClassifierTests
{
    [TestCase("tiny-gelu")]
    [TestCase("tiny-fp16")]
    public void Classifier_IsTheReferences(string name)
    {
        string prompts = TestData.BesideProject("golden/classifier/prompts_first_class.json");
        string vocabulary = TestData.BesideProject("reference-data/bpe_simple_vocab_16e6.txt.gz");
        string[] classes = Strings(TestData.Golden("classifier/classnames.json"));
        string[] templates = [.. Strings(prompts).Select(prompt => prompt.Replace(classes[0], "{}", StringComparison.Ordinal))];
        using ClipModel model = ClipModel.Load(TestData.Golden($"models/{name}"), new ClipModelOptions { TokenizerPath = vocabulary });
        NpyArray<float> expected = NpyFile.ReadSingle(TestData.Golden($"classifier/{name}/classifier.npy"));

        float[] rows = new float[classes.Length * model.EmbedWidth];
        model.EncodeClasses(classes, templates).FlattenTo(rows);
        for (int c = 0; c < classes.Length; c++)
            for (int j = 0; j < model.EmbedWidth; j++)
                Assert.That(rows[(c * model.EmbedWidth) + j], Is.EqualTo(expected.Data[(j * classes.Length) + c]).Within(2e-6f), $"{classes[c]}, {j}");
    }

    static string[] Strings(string path)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. json.RootElement.EnumerateArray().Select(item => item.GetString()!)];
    }
}

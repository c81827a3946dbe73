using System.Globalization;
using System.Text.Json;
using ClipCore.Ablation;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Npy;
using ClipCore.TextSpan;

namespace ClipCore.Tests.Ablation;

/// <summary>Mean-ablation and its uses against the paper's own scripts.</summary>
sealed class AblationTests
{
    [TestCase("ablations_labelled")]
    [TestCase("ablations_imagenet_order")]
    public void Table_IsTheReferences(string name)
    {
        string folder = TestData.Golden($"ablation/{name}");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        JsonElement expected = json.RootElement;
        using ReferenceArrays set = ReferenceArrays.Open(folder);
        AblationTable table = MeanAblation.Run(set, new LinearClassifier(ReferenceArrays.ReadClassifier(folder, set.EmbedWidth), set.EmbedWidth));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Baseline, Is.EqualTo(expected.GetProperty("baseline").GetDouble() / 100).Within(1e-11));
            Assert.That(table.Mlps, Is.EqualTo(expected.GetProperty("mlps_mean_ablated").GetDouble() / 100).Within(1e-11));
            Assert.That(table.ClassAttention, Is.EqualTo(expected.GetProperty("cls_attention_mean_ablated").GetDouble() / 100).Within(1e-11));
            Assert.That(table.MlpsAndClassAttention, Is.EqualTo(expected.GetProperty("mlps_and_cls_mean_ablated").GetDouble() / 100).Within(1e-11));
            Assert.That(table.Cumulative,
                Is.EqualTo(expected.GetProperty("attention_cumulative_up_to_layer").EnumerateArray().Select(value => value.GetDouble() / 100)).Within(1e-11));
        }
    }

    [TestCase("specific_heads_vit_b_16")]
    [TestCase("specific_heads_vit_l_14")]
    public void SpecificHeads_AreTheReferences(string name)
    {
        string folder = TestData.Golden($"ablation/{name}");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        JsonElement expected = json.RootElement;
        using ReferenceArrays set = ReferenceArrays.Open(folder);
        LinearClassifier classifier = new(ReferenceArrays.ReadClassifier(folder, set.EmbedWidth), set.EmbedWidth);
        EffectMeans means = EffectMeans.Of(set);
        HashSet<ComponentLabel> heads =
        [
            .. expected.GetProperty("heads_mean_ablated").EnumerateArray().Select(head => ComponentLabel.OfHead(head[0].GetInt32(), head[1].GetInt32())),
            .. SpuriousCue.ReferenceProtocol(set),
        ];
        AssertGroups(SpuriousCue.Evaluate(set, classifier, means, []), expected, "baseline");
        AssertGroups(SpuriousCue.Evaluate(set, classifier, means, heads), expected, "replaced");
    }

    [Test]
    public void TextReplacement_IsTheReferencesScript()
    {
        string folder = TestData.Golden("textspan/complete_text_set");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        using ReferenceArrays set = ReferenceArrays.Open(folder);
        LinearClassifier classifier = new(ReferenceArrays.ReadClassifier(folder, set.EmbedWidth), set.EmbedWidth);
        float[] texts = NpyFile.ReadSingle(Path.Combine(folder, "texts.npy")).Data;
        const int LastLayers = 2, Rank = 16, Count = 6;
        TextSpanOptions options = new() { Count = Count, Rank = Rank, LastLayers = LastLayers, Rule = SpanRule.GivenRank };
        IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans = TextSpanExperiment.Spans(set, texts, options);
        foreach (JsonProperty head in Heads(json.RootElement))
            Assert.That(spans[Label(head.Name)].Indices, Is.EqualTo(head.Value.EnumerateArray().Select(Index)), head.Name);

        double baseline = Find(json.RootElement, "baseline_accuracy_percent") / 100, expected = Find(json.RootElement, "accuracy_percent") / 100;
        (double found, IReadOnlyList<double> accuracies) = TextSpanExperiment.Accuracy(set, classifier, spans, [Count]);
        Assert.That(found, Is.EqualTo(baseline).Within(1e-11));
        Assert.That(accuracies, Is.EqualTo((double[])[expected]).Within(1e-11));

        // The long way round: a set of replaced effects, ablated as any other.
        EffectMeans means = EffectMeans.Of(set);
        ComponentLabel[] early =
        [
            .. ComponentLabel.All(set.LayerCount, set.HeadCount).Where(label => label.Kind == ComponentKind.Head && label.Layer < set.LayerCount - LastLayers),
        ];
        using ReplacedEffects replaced = new(set, spans, Count);
        Assert.That(MeanAblation.Accuracy(MeanAblation.Evaluate(set, classifier, means, [])), Is.EqualTo(baseline).Within(1e-11));
        Assert.That(MeanAblation.Accuracies(replaced, classifier, means, [early]), Is.EqualTo((double[])[expected]).Within(1e-11));
    }

    [TestCase("L1.*", "L1.H0 L1.H1 L1.MLP")]
    [TestCase("*.MLP", "L0.MLP L1.MLP")]
    [TestCase("Embed,L0.H1", "Embed L0.H1")]
    [TestCase("*.H*", "L0.H0 L0.H1 L1.H0 L1.H1")]
    [TestCase("*", "Embed L0.H0 L0.H1 L0.MLP L1.H0 L1.H1 L1.MLP")]
    public void Patterns_NameComponents(string pattern, string expected) =>
        Assert.That(string.Join(' ', ComponentLabel.Match(pattern, 2, 2)), Is.EqualTo(expected));

    [TestCase("L2.H0")]
    [TestCase("H0")]
    [TestCase("")]
    public void UnknownPatterns_AreRefused(string pattern) => Assert.That(() => ComponentLabel.Match(pattern, 2, 2), Throws.TypeOf<FormatException>());

    [Test]
    public void RandomHeads_AreDistinct_AndDependOnTheSeedAlone()
    {
        ComponentLabel[] first = SpuriousCue.RandomHeads(6, 4, 10, seed: 3);
        Assert.That(first, Is.Unique);
        Assert.That(SpuriousCue.RandomHeads(6, 4, 10, seed: 3), Is.EqualTo(first));
        Assert.That(SpuriousCue.RandomHeads(6, 4, 10, seed: 4), Is.Not.EqualTo(first));
        Assert.That(string.Join(' ', SpuriousCue.RandomHeads(6, 4, 3, seed: 1)), Is.EqualTo(RandomHeadsOfSeedOne),
            "the draw must never change: results are published with their seed");
    }

    const string RandomHeadsOfSeedOne = "L0.H2 L3.H0 L4.H3";

    static void AssertGroups(GroupAccuracy actual, JsonElement expected, string when)
    {
        foreach (((int label, int attribute), double accuracy) in actual.Groups)
            Assert.That(accuracy, Is.EqualTo(FindGroup(expected, when, $"({label}, {attribute})")).Within(1e-11), $"{when} {label}/{attribute}");
        Assert.That(actual.Full, Is.EqualTo(FindGroup(expected, when, "full")).Within(1e-11), when);
    }

    static double FindGroup(JsonElement expected, string when, string key) => expected.GetProperty(when).GetProperty(key).GetDouble() / 100;

    static IEnumerable<JsonProperty> Heads(JsonElement expected) => expected.GetProperty("heads").EnumerateObject();

    static ComponentLabel Label(string name)
    {
        // Such as "Layer 2, Head 0".
        string[] words = name.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return ComponentLabel.OfHead(int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[3], CultureInfo.InvariantCulture));
    }

    static int Index(JsonElement text) => text.GetInt32();

    static double Find(JsonElement expected, string key) => expected.GetProperty(key).GetDouble();
}

using System.Text.Json;
using ClipCore.Cli.Data;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Retrieval;

namespace ClipCore.Tests.Retrieval;

/// <summary>Retrieval by one head on the demo model's scenes, against the numbers of its card.</summary>
sealed class PropertyRetrievalTests
{
    [TestCase("style", "L3.H2")]
    [TestCase("horizontal", "L5.H0")]
    [TestCase("vertical", "L5.H3")]
    [TestCase("background", "L4.H3")]
    public void OneHead_FindsItsProperty_AsTheCardSays(string property, string head)
    {
        using JsonDocument scenes = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("data/scenes/scenes.json")));
        using JsonDocument card = JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("results.json")));
        string?[] values = [.. scenes.RootElement.GetProperty("scenes").EnumerateArray().Select(scene => scene.TryGetProperty(property, out JsonElement value)
            && (property == "background" || scene.GetProperty("kind").GetString() != "two") ? value.GetString() : null)];
        JsonElement expected = card.RootElement.GetProperty("single_head_retrieval").GetProperty(property);
        Assert.That(expected.GetProperty("best_head").GetString(), Is.EqualTo(head));
        int[] known = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != null)];

        using ClipModel model = ClipModel.Load(TestData.Demo());
        ImageSet set = DemoData.Scenes();
        using ImageEffects effects = new(model, new ImageSet(set.Name, [.. known.Select(i => set.Entries[i])], set.ClassNames));
        // The card centres the whole representation too, so all components are named here.
        PartIndex[] indexes = PartIndex.Build(
            effects, [ComponentLabel.Match(head, effects.LayerCount, effects.HeadCount), [.. ComponentLabel.All(effects.LayerCount, effects.HeadCount)]]);
        double Precision(PartIndex index) =>
            known.Select((_, i) => Ranking.Top(index.CompareTo(index[i]), 5, without: i).Count(j => values[known[j]] == values[known[i]]) / 5.0).Average();
        TestContext.Out.WriteLine($"{property}: {Precision(indexes[0])} by {head}, {Precision(indexes[1])} by the whole");
        Assert.That(Precision(indexes[0]), Is.EqualTo(expected.GetProperty("precision_at_5").GetDouble()).Within(0.00005));
        Assert.That(Precision(indexes[1]), Is.EqualTo(expected.GetProperty("full_embedding").GetDouble()).Within(0.00005));
    }
}

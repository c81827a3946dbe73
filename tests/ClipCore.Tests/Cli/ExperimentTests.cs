using System.Text.Json;
using ClipCore.Npy;

namespace ClipCore.Tests.Cli;

/// <summary>The experiments' commands against the paper's own scripts and the demo model's card.</summary>
sealed class ExperimentTests
{
    TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    static JsonElement Expected(string path) => JsonDocument.Parse(File.ReadAllBytes(TestData.Golden(path))).RootElement;

    static JsonElement Card() => JsonDocument.Parse(File.ReadAllBytes(TestData.Demo("results.json"))).RootElement;

    [TestCase("ablations_labelled")]
    [TestCase("ablations_imagenet_order")]
    public void Ablate_OnArrays_IsTheReferences(string name)
    {
        JsonElement found = CliRun.Results("ablate", "--reference", TestData.Golden($"ablation/{name}")), expected = Expected($"ablation/{name}/expected.json");
        Assert.That(found.GetProperty("baseline").GetDouble(), Is.EqualTo(expected.GetProperty("baseline").GetDouble() / 100).Within(1e-11));
        Assert.That(found.GetProperty("mlpsAndClsAttention").GetDouble(),
            Is.EqualTo(expected.GetProperty("mlps_and_cls_mean_ablated").GetDouble() / 100).Within(1e-11));
        Assert.That(found.GetProperty("cumulative").GetArrayLength(), Is.EqualTo(expected.GetProperty("attention_cumulative_up_to_layer").GetArrayLength()));
    }

    [Test]
    public void Ablate_OnTheScenes_IsTheCards()
    {
        string plot = _folder.File("ablate.svg");
        JsonElement found = CliRun.Results("ablate", "--plot", plot, "--components", "*.MLP,Embed"), card = Card().GetProperty("mean_ablation");
        JsonElement curve = card.EnumerateObject().Single(property => property.Name.StartsWith("cumulative_attn", StringComparison.Ordinal)).Value;
        Assert.That(found.GetProperty("baseline").GetDouble(), Is.EqualTo(card.GetProperty("baseline_object").GetDouble()).Within(1e-11));
        Assert.That(found.GetProperty("mlps").GetDouble(), Is.EqualTo(card.GetProperty("mlp_mean_ablated_object").GetDouble()).Within(1e-11));
        Assert.That(found.GetProperty("componentsAblated").GetDouble(), Is.EqualTo(found.GetProperty("mlps").GetDouble()));
        for (int layer = 0; layer < 6; layer++)
            Assert.That(found.GetProperty("cumulative")[layer].GetDouble(), Is.EqualTo(curve[layer + 1][0].GetDouble()).Within(0.000051), $"layer {layer}");
        Assert.That(File.ReadAllText(plot), Does.StartWith("<svg").And.Contain("attention layers"));
    }

    [TestCase("specific_heads_vit_b_16")]
    [TestCase("specific_heads_vit_l_14")]
    public void Spurious_OnArrays_IsTheReferences(string name)
    {
        JsonElement expected = Expected($"ablation/{name}/expected.json");
        string heads = string.Join(',', expected.GetProperty("heads_mean_ablated").EnumerateArray().Select(head => $"L{head[0]}.H{head[1]}"));
        JsonElement found = CliRun.Results("spurious", "--reference", TestData.Golden($"ablation/{name}"), "--heads", heads, "--protocol", "reference");
        foreach (string when in (string[])["baseline", "replaced"])
            foreach (string group in (string[])["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)", "full"])
                Assert.That(
                    Accuracy(found.GetProperty(when), group),
                    Is.EqualTo(expected.GetProperty(when).GetProperty(group).GetDouble() / 100).Within(1e-11), $"{when} {group}");
    }

    [Test]
    public void Spurious_OnTheBirds_IsTheCards()
    {
        JsonElement found = CliRun.Results("spurious"),
            recipe = CliRun.Results("spurious", "--heads", "L4.H3", "--also", "*.MLP,Embed,L0.*,L1.*", "--random-draws", "0");
        Assert.That(found.GetProperty("heads").EnumerateArray().Select(head => head.GetString()), Is.EqualTo((string[])["L4.H3"]));
        Assert.That(found.GetProperty("baseline").GetProperty("worst").GetDouble(), Is.EqualTo(0.55).Within(1e-12));
        Assert.That(found.GetProperty("replaced").GetProperty("worst").GetDouble(), Is.EqualTo(0.75).Within(1e-12));
        Assert.That(recipe.GetProperty("replaced").GetProperty("worst").GetDouble(), Is.EqualTo(0.87).Within(1e-12));
        Assert.That(found.GetProperty("random").GetArrayLength(), Is.EqualTo(5));
        Assert.That(CliRun.Results("spurious", "--contrast", "1", "--random-draws", "0").GetProperty("heads")[0].GetString(), Is.EqualTo("L4.H3"));
    }

    [Test]
    public void TextSpan_OnArrays_IsTheReferences()
    {
        string folder = TestData.Golden("textspan/planted_500x64");
        JsonElement expected = Expected("textspan/planted_500x64/expected.json");
        JsonElement found = CliRun.Results("textspan", "--data", Path.Combine(folder, "data.npy"), "--texts", Path.Combine(folder, "texts.npy"), "--count",
            "8", "--rank", "24", "--reconstruction", _folder.File("r.npy"));
        Assert.That(found.GetProperty("indices").EnumerateArray().Select(index => index.GetInt32()), Is.EqualTo((int[])[235, 294, 206, 205, 302, 92, 48, 228]));
        Assert.That(found.GetProperty("explainedVariance").GetArrayLength(), Is.EqualTo(8));
        float[] rebuilt = NpyFile.ReadSingle(_folder.File("r.npy")).Data, reference = NpyFile.ReadSingle(Path.Combine(folder, "reconstruction.npy")).Data;
        for (int i = 0; i < rebuilt.Length; i++)
            Assert.That(rebuilt[i], Is.EqualTo(reference[i]).Within(1e-5f));
        Assert.That(found.GetProperty("rank").GetInt32(), Is.EqualTo(expected.GetProperty("rank").GetInt32()));
        double[] left = [.. expected.GetProperty("residual_energy_fraction_after_each_step").EnumerateArray().Select(value => value.GetDouble())];
        Assert.That(found.GetProperty("explainedVariance").EnumerateArray().Select(share => 1 - share.GetDouble()), Is.EqualTo(left).Within(1e-12));
    }

    [Test]
    public void TextSpan_OnAFolder_IsTheReferencesScript()
    {
        JsonElement found =
            CliRun.Results("textspan", "--reference", TestData.Golden("textspan/complete_text_set"), "--count", "6", "--rank", "16", "--last-layers", "2");
        JsonElement expected = Expected("textspan/complete_text_set/expected.json");
        Assert.That(found.GetProperty("baseline").GetDouble(), Is.EqualTo(expected.GetProperty("baseline_accuracy_percent").GetDouble() / 100).Within(1e-11));
        Assert.That(found.GetProperty("accuracy").GetDouble(), Is.EqualTo(expected.GetProperty("accuracy_percent").GetDouble() / 100).Within(1e-11));
        foreach (JsonProperty head in expected.GetProperty("heads").EnumerateObject())
        {
            string label = head.Name.Replace("Layer ", "L", StringComparison.Ordinal).Replace(", Head ", ".H", StringComparison.Ordinal);
            Assert.That(
                found.GetProperty("heads").GetProperty(label).GetProperty("indices").EnumerateArray().Select(index => index.GetInt32()),
                Is.EqualTo(head.Value.EnumerateArray().Select(index => index.GetInt32())), label);
        }
    }

    [Test]
    public void TextSpan_OnTheScenes_IsTheCards()
    {
        JsonElement found = CliRun.Results("textspan", "--rank", "32", "--random-draws", "1", "--accuracy-at", "20"), card = Card();
        foreach (JsonProperty head in card.GetProperty("textspan").EnumerateObject())
            Assert.That(
                found.GetProperty("heads").GetProperty(head.Name).GetProperty("texts").EnumerateArray().Take(5).Select(text => text.GetString()),
                Is.EqualTo(head.Value.GetProperty("top5").EnumerateArray().Select(text => text.GetString())), head.Name);
        Assert.That(
            found.GetProperty("accuracies")[0].GetProperty("accuracy").GetDouble(),
            Is.EqualTo(card.GetProperty("textspan_reconstruction_last4_top1(20 texts, MLPs kept)").GetDouble()).Within(1e-11));
    }

    [Test]
    public void Segment_OnTheScenes_IsTheCards()
    {
        JsonElement found = CliRun.Results("segment"), card = Card().GetProperty("segmentation").GetProperty("all_single");
        AssertScores(found, card.GetProperty("decomposition_predicted_class"));
        AssertScores(found.GetProperty("baselines").GetProperty("raw attention"), card.GetProperty("raw_attention_last_layer"));
        AssertScores(found.GetProperty("baselines").GetProperty("rollout"), card.GetProperty("rollout"));
    }

    [TestCase("tiny-gelu")]
    [TestCase("tiny-quickgelu")]
    public void Segment_WithAClassifier_CountsAsTheReference(string model)
    {
        string folder = TestData.Golden($"segmentation/end_to_end_{model}");
        JsonElement runs = Expected($"segmentation/end_to_end_{model}/expected.json"), expected = runs.GetProperty("float64");
        string list = _folder.Write("list.csv",
            "image,mask\n" + string.Join('\n', Enumerable.Range(0, 4).Select(i => $"{folder}/images/{i:00}.png,{folder}/images/{i:00}_mask255.png")));
        JsonElement found = CliRun.Results("segment", list, "--model", TestData.Golden($"models/{model}"), "--classifier",
            Path.Combine(folder, "classifier.npy"), "--protocol", "reference", "--vision-only");
        for (int i = 0; i < 4; i++)
        {
            JsonElement one = expected.GetProperty("per_image")[i];
            Assert.That(
                found.GetProperty("perImage")[i].GetProperty("pixelCorrect").GetInt64(),
                Is.EqualTo(one.GetProperty("pixel_correct").GetInt64()).Within(one.GetProperty("pixels_within_1e-6_of_threshold").GetInt64()), $"picture {i}");
        }
        Assert.That(found.GetProperty("meanIoU").GetDouble(), Is.EqualTo(expected.GetProperty("miou").GetDouble()).Within(1e-12));
        // AP counts equal scores together, which the last bit decides: the script's run in our own precision is the one to meet.
        Assert.That(found.GetProperty("meanAP").GetDouble(), Is.EqualTo(runs.GetProperty("float32").GetProperty("map").GetDouble()).Within(5e-6));
    }

    [Test]
    public void Reproduce_PrintsTheCardsNumbers()
    {
        string folder = _folder.File("page");
        string json = CliRun.Good("reproduce", "--out", folder, "--json", "-").Output;
        using JsonDocument document = JsonDocument.Parse(json), schema = JsonDocument.Parse(CliRun.Good("schema", "reproduce").Output);
        Assert.That(SchemaValidator.Faults(document.RootElement, schema.RootElement), Is.Empty);
        JsonElement[] rows = [.. document.RootElement.GetProperty("results").GetProperty("rows").EnumerateArray()];
        Assert.That(rows, Has.Length.GreaterThan(20));
        JsonElement[] known = [.. rows.Where(row => row.GetProperty("expected").ValueKind == JsonValueKind.Number)];
        Assert.That(known, Has.Length.GreaterThan(18));
        foreach (JsonElement row in known)
        {
            // The card has four decimals of a share; heads are counted.
            double most = row.GetProperty("unit").GetString() == "count" ? 0 : 0.000051;
            Assert.That(
                row.GetProperty("measured").GetDouble(), Is.EqualTo(row.GetProperty("expected").GetDouble()).Within(most), row.GetProperty("what").GetString());
        }
        Assert.That(File.ReadAllText(Path.Combine(folder, "index.html")), Does.Contain("measured beside expected"));
        Assert.That(File.ReadAllText(Path.Combine(folder, "waterbirds.svg")), Does.Contain("from 55.0 to 75.0"));
        CliRun.Bad("--as", "reproduce", "--as", "ViT-Z");
        CliRun.Bad("without data", "reproduce", "--model", TestData.Demo());
    }

    [Test]
    public void Spurious_ByContrast_ChoosesOnTheValidationSplit_AndIsJudgedOnTheTestSplit()
    {
        string birds = TestData.Demo("data/waterbirds");
        string[] lines = File.ReadAllLines(Path.Combine(birds, "metadata.csv")), columns = lines[0].Split(',');
        int image = Array.IndexOf(columns, "img_filename"), label = Array.IndexOf(columns, "y"), place = Array.IndexOf(columns, "place");
        string[][] rows = [.. lines.Skip(1).Select(line => line.Split(','))];
        string Row(string[] row, int split) => $"{Path.Combine(birds, row[image])},{(row[label] == "0" ? "landbird" : "waterbird")},{row[place]},{split}";
        IEnumerable<string[]> Of(int skip, int take) => rows.GroupBy(row => (row[label], row[place])).SelectMany(group => group.Skip(skip).Take(take));
        string list = _folder.File("birds.csv");
        File.WriteAllLines(list, ["image,label,place,split", .. Of(0, 12).Select(row => Row(row, 1)), .. Of(12, 10).Select(row => Row(row, 2)),
            .. Of(22, 1).Select(row => Row(row, 0))]);
        JsonElement found = CliRun.Results("spurious", "--data", list, "--contrast", "1", "--random-draws", "0");
        Assert.That(found.GetProperty("heads")[0].GetString(), Is.EqualTo("L4.H3"));
        Assert.That(found.GetProperty("split").GetString(), Is.EqualTo("chosen on the 48 images of the validation split, judged on the 40 of the test split"));

        File.WriteAllLines(list, ["image,label,place,split", .. Of(12, 10).Select(row => Row(row, 2))]);
        JsonElement judged = CliRun.Results("spurious", "--data", list, "--heads", "L4.H3", "--random-draws", "0");
        foreach (string part in (string[])["baseline", "replaced"])
            Assert.That(found.GetProperty(part).GetProperty("full").GetDouble(), Is.EqualTo(judged.GetProperty(part).GetProperty("full").GetDouble()), part);

        File.WriteAllLines(list, ["image,label,place,split", .. Of(0, 1).Select(row => Row(row, 0))]);
        string numbers = _folder.File("numbers.csv");
        File.WriteAllLines(numbers,
            File.ReadLines(list)
                .Select(line => line.Replace(",landbird,", ",0,", StringComparison.Ordinal).Replace(",waterbird,", ",1,", StringComparison.Ordinal)));
        CliRun.Bad("nothing names them", "spurious", "--data", numbers, "--heads", "L4.H3");
        CliRun.Bad("none for test", "spurious", "--data", list, "--heads", "L4.H3");
    }

    [Test]
    public void TextSpan_IsComparedWithCommonWordsAndRandomDirections()
    {
        string words = _folder.File("words.txt");
        File.WriteAllLines(words, ["the", "with", "left", "right", "background"]);
        string[] command = ["textspan", "--rank", "32", "--count", "2", "--accuracy-at", "1,2", "--random-draws", "2", "--texts", words];
        JsonElement same = CliRun.Results([.. command, "--common", words]), own = CliRun.Results(command);
        foreach (JsonElement row in same.GetProperty("accuracies").EnumerateArray())
        {
            Assert.That(row.GetProperty("commonWords").GetDouble(), Is.EqualTo(row.GetProperty("accuracy").GetDouble()),
                "the same words compared with themselves");
            Assert.That(row.GetProperty("random").GetArrayLength(), Is.EqualTo(2));
        }
        Assert.That(own.GetProperty("commonWords").GetString(), Does.Contain("vocabulary"));
        Assert.That(own.GetProperty("commonWordCount").GetInt32(), Is.EqualTo(5));
    }

    [Test]
    public void HeadsAndSegment_DrawTheirPlots()
    {
        string heads = _folder.File("heads.svg"), scores = _folder.File("scores.svg");
        CliRun.Good("heads", "--count", "2", "--rank", "32", "--plot", heads);
        CliRun.Good("segment", "--plot", scores);
        System.Xml.Linq.XDocument atlas = System.Xml.Linq.XDocument.Load(heads), bars = System.Xml.Linq.XDocument.Load(scores);
        Assert.That(atlas.Descendants().Count(element => element.Name.LocalName == "circle"), Is.EqualTo(24), "a dot for each head");
        Assert.That(bars.Descendants().Count(element => element.Attribute("class")?.Value.StartsWith("bar", StringComparison.Ordinal) == true), Is.EqualTo(12),
            "four methods by three scores");
        CliRun.Bad("image,mask", "segment", TestData.Demo("samples/duck-in-forest.png"), "--plot", scores);
    }

    [Test]
    public void BadInput_IsNamed()
    {
        CliRun.Bad("attn.npy", "ablate", "--reference", _folder.Path);
        CliRun.Bad("does not exist", "ablate", "--reference", _folder.File("none"));
        CliRun.Bad("L9.H9", "ablate", "--components", "L9.H9");
        CliRun.Bad("--heads", "spurious", "--heads", "X");
        CliRun.Bad("empty", "textspan", "--texts", _folder.Write("pool.txt", ""));
        CliRun.Bad("--pool", "textspan", "--data", TestData.Golden("textspan/planted_500x64/data.npy"));
        CliRun.Bad("metadata", "spurious", "--reference", TestData.Golden("ablation/ablations_labelled"), "--heads", "L0.H0");
        CliRun.Bad("other", "segment", "--protocol", "other");
        CliRun.Bad("class", "segment", _folder.Write("list.csv", "picture\nx.png"), "--class", "");
        CliRun.Bad("none is called image", "segment", _folder.Write("list2.csv", "picture\nx.png"));
    }

    [Test]
    public void LabelsThatDoNotMatch_AreNamed()
    {
        foreach (string name in (string[])["attn", "mlp", "cls_attn", "classifier"])
            File.Copy(TestData.Golden($"ablation/ablations_labelled/{name}.npy"), _folder.File($"{name}.npy"));
        NpyFile.Write<long>(_folder.File("labels.npy"), new long[3], 3);
        CliRun.Bad("labels.npy", "ablate", "--reference", _folder.Path);
        long[] labels = new long[140];
        labels[7] = 999;
        NpyFile.Write<long>(_folder.File("labels.npy"), labels, 140);
        CliRun.Bad("999", "ablate", "--reference", _folder.Path);
    }

    /// <summary>Of a group as the reference's files name it, such as (0, 1), or over all images.</summary>
    static double Accuracy(JsonElement accuracies, string group) => group == "full" ? accuracies.GetProperty("full").GetDouble()
        : accuracies.GetProperty("groups").EnumerateArray()
            .Single(one => $"({one.GetProperty("class").GetInt32()}, {one.GetProperty("attribute").GetInt32()})" == group).GetProperty("accuracy").GetDouble();

    static void AssertScores(JsonElement found, JsonElement expected)
    {
        Assert.That(found.GetProperty("pixelAccuracy").GetDouble(), Is.EqualTo(expected.GetProperty("pixel_accuracy").GetDouble()).Within(0.00005));
        Assert.That(found.GetProperty("meanIoU").GetDouble(), Is.EqualTo(expected.GetProperty("mIoU").GetDouble()).Within(0.00005));
        Assert.That(found.GetProperty("meanAP").GetDouble(), Is.EqualTo(expected.GetProperty("mAP").GetDouble()).Within(0.00005));
    }
}

using ClipCore.Safetensors;

namespace ClipCore.Tests;

public class TestDataTests
{
    [Test]
    public void Golden_Models_AreInTheRepository() => Assert.That(Directory.Exists(TestData.Golden("models/tiny-gelu")), Is.True);

    [Test]
    public void Golden_PackedModel_HoldsItsCheckpointAndNoRecipe([Values("tiny-gelu", "tiny-fp16", "tiny-quickgelu-hf")] string name)
    {
        string[] files = [.. Directory.GetFiles(TestData.Golden($"models/{name}")).Select(path => Path.GetFileName(path)!)];
        Assert.That(files.Count(file => file.EndsWith(".safetensors", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(files, Has.None.EndsWith(".recipe.json"));
    }

    [Test]
    public void Golden_RowsOfTheTokenEmbedding_AreTheReferences([Values("tiny-gelu", "tiny-fp16")] string name)
    {
        using SafetensorsFile reference = SafetensorsFile.Open(TestData.BesideProject($"golden/models/{name}/open_clip_model.safetensors"));
        using SafetensorsFile ours = SafetensorsFile.Open(TestData.Golden($"models/{name}/open_clip_model.safetensors"));
        Assert.That(ours.Tensors.Keys, Is.EquivalentTo(reference.Tensors.Keys));
        int kept = 0;
        foreach ((string key, TensorView tensor) in reference.Tensors)
        {
            if (key != "token_embedding.weight")
            {
                Assert.That(ours[key].Bytes.SequenceEqual(tensor.Bytes), key);
                continue;
            }
            for (int row = 0; row < tensor.Shape[0]; row++)
            {
                ReadOnlySpan<byte> bytes = ours[key].Rows(row, 1).Bytes;
                if (!bytes.ContainsAnyExcept((byte)0))
                    continue;
                kept++;
                Assert.That(bytes.SequenceEqual(tensor.Rows(row, 1).Bytes), $"row {row}");
            }
        }
        Assert.That(kept, Is.EqualTo(117));
    }
}

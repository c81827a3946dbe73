using System.Text.Json;
using ClipCore.Npy;
using ClipCore.Safetensors;

namespace ClipCore.Tests.Model;

/// <summary>One of the small models that the reference code was run on, its inputs and its outputs.</summary>
sealed class GoldenModel(string folder, string outputs)
{
    /// <summary>Allowed error, in units of PyTorch's own float32 error.</summary>
    const double Budget = 4;

    /// <summary>All four: the last is the second's weights in Hugging Face's naming.</summary>
    public static IEnumerable<GoldenModel> All =>
    [
        new("tiny-gelu", "tiny-gelu"), new("tiny-quickgelu", "tiny-quickgelu"), new("tiny-fp16", "tiny-fp16"),
        new("tiny-quickgelu-hf", "tiny-quickgelu"),
    ];

    public string Folder => TestData.Golden($"models/{folder}");

    public ClipModel Load(ClipModelOptions? options = null) => ClipModel.Load(Folder, options);

    /// <summary>The file of weights.</summary>
    public SafetensorsFile Weights() => SafetensorsFile.Open(Directory.EnumerateFiles(Folder, "*.safetensors").Single());

    public NpyArray<float> Array(string name) => NpyFile.ReadSingle(Path.Combine(TestData.Golden($"models/{outputs}/golden"), name + ".npy"));

    public NpyArray<float> DatasetArray(string name) =>
        NpyFile.ReadSingle(Path.Combine(TestData.Golden($"models/{outputs}/prs_dataset"), name + ".npy"));

    public int[][] TextIds
    {
        get
        {
            NpyArray<long> ids = NpyFile.ReadInt64(Path.Combine(TestData.Golden($"models/{outputs}/golden"), "text_ids.npy"));
            int context = ids.Shape[1];
            return [.. Enumerable.Range(0, ids.Shape[0]).Select(t => ids.Data.Skip(t * context).Take(context).Select(id => (int)id).ToArray())];
        }
    }

    /// <summary>The largest absolute error that is allowed for an output.</summary>
    public double Tolerance(string name)
    {
        using JsonDocument budget = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(TestData.Golden($"models/{outputs}/golden"), "error_budget.json")));
        return Budget * budget.RootElement.GetProperty("outputs").GetProperty(name).GetProperty("fp32_vs_fp64_max_abs").GetDouble();
    }

    /// <summary>Asserts that every value lies within the budget of the golden one.</summary>
    public void AssertNear(ReadOnlySpan<float> actual, string name) => AssertNear(actual, Array(name).Data, Tolerance(name), name);

    public static void AssertNear(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double tolerance, string name)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), name);
        double worst = 0;
        int at = -1;
        for (int i = 0; i < actual.Length; i++)
        {
            double error = Math.Abs((double)actual[i] - expected[i]);
            if (!(error <= worst))
                (worst, at) = (error, i);
        }
        Assert.That(worst, Is.LessThanOrEqualTo(tolerance), () => $"{name}[{at}]: {worst:g3} off, {tolerance:g3} allowed");
    }

    public override string ToString() => folder;
}

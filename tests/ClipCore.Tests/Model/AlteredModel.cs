using ClipCore.Cli.Options;
using ClipCore.Safetensors;

namespace ClipCore.Tests.Model;

/// <summary>A small model with some of its weights changed or added, in a folder that goes away with the test.</summary>
sealed class AlteredModel : IDisposable
{
    readonly TemporaryFolder _folder = new();

    /// <param name="change">Given a weight's name and values, changes the values in place.</param>
    /// <param name="added">Scalars to add.</param>
    public AlteredModel(Action<string, float[]> change, params (string Name, float Value)[] added)
    {
        string source = TestData.Golden("models/tiny-gelu");
        File.Copy(System.IO.Path.Combine(source, "open_clip_config.json"), _folder.File("open_clip_config.json"));
        using SafetensorsFile file = SafetensorsFile.Open(System.IO.Path.Combine(source, "open_clip_model.safetensors"));
        SafetensorsWriter writer = new();
        foreach ((string name, TensorView tensor) in file.Tensors)
        {
            float[] values = tensor.ToSingles();
            change(name, values);
            writer.Add(name, tensor.Shape, values);
        }
        foreach ((string name, float value) in added)
            writer.Add(name, [], (float[])[value]);
        writer.Save(_folder.File("open_clip_model.safetensors"));
    }

    public string Path => _folder.Path;

    public ClipModel Load(ClipModelOptions? options = null) => ClipModel.Load(Path, options);

    public void Dispose() => _folder.Dispose();
}

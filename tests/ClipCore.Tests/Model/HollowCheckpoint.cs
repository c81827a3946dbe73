using System.Runtime.InteropServices;
using System.Text;
using ClipCore.Safetensors;

namespace ClipCore.Tests.Model;

/// <summary>A checkpoint of any size whose weights are memory that was asked for and never touched.</summary>
sealed unsafe class HollowCheckpoint : IDisposable
{
    readonly byte* _data;

    public HollowCheckpoint(IEnumerable<(string Name, long[] Shape)> tensors)
    {
        StringBuilder header = new("{");
        long offset = 0;
        foreach ((string name, long[] shape) in tensors)
        {
            long end = offset + 2 * shape.Aggregate(1L, (a, b) => a * b);
            header.Append(offset == 0 ? "" : ",")
                .Append($"\"{name}\":{{\"dtype\":\"BF16\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{offset},{end}]}}");
            offset = end;
        }
        byte[] text = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        long length = 8 + text.Length + offset;
        _data = (byte*)NativeMemory.AllocZeroed((nuint)length);
        *(ulong*)_data = (ulong)text.Length;
        text.CopyTo(new Span<byte>(_data + 8, text.Length));
        File = SafetensorsFile.Open(new UnmanagedMemoryStream(_data, length), "hollow");
    }

    public SafetensorsFile File { get; }

    public static IEnumerable<(string Name, long[] Shape)> OpenClipShapes(int width, int layers, int patch, int image, int textWidth, int textLayers, int embed,
        int context, int vocabulary)
    {
        int grid = image / patch;
        yield return ("visual.class_embedding", [width]);
        yield return ("visual.conv1.weight", [width, 3, patch, patch]);
        yield return ("visual.positional_embedding", [1 + grid * grid, width]);
        yield return ("visual.proj", [width, embed]);
        yield return ("token_embedding.weight", [vocabulary, textWidth]);
        yield return ("positional_embedding", [context, textWidth]);
        yield return ("text_projection", [textWidth, embed]);
        yield return ("logit_scale", []);
        foreach ((string norm, int size) in ((string, int)[])[("visual.ln_pre", width), ("visual.ln_post", width), ("ln_final", textWidth)])
        {
            yield return (norm + ".weight", [size]);
            yield return (norm + ".bias", [size]);
        }
        foreach ((string tower, int w, int count) in ((string, int, int)[])[("visual.transformer", width, layers), ("transformer", textWidth, textLayers)])
            for (int layer = 0; layer < count; layer++)
            {
                string prefix = $"{tower}.resblocks.{layer}.";
                foreach ((string name, long outputs, long inputs) in ((string, long, long)[])[
                    ("attn.out_proj.", w, w), ("attn.in_proj_", 3 * w, w), ("mlp.c_fc.", 4 * w, w), ("mlp.c_proj.", w, 4 * w)])
                {
                    yield return (prefix + name + "weight", [outputs, inputs]);
                    yield return (prefix + name + "bias", [outputs]);
                }
                foreach (string norm in (string[])["ln_1", "ln_2"])
                {
                    yield return ($"{prefix}{norm}.weight", [w]);
                    yield return ($"{prefix}{norm}.bias", [w]);
                }
            }
    }

    public void Dispose()
    {
        File.Dispose();
        NativeMemory.Free(_data);
    }
}

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClipCore.Explanation;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Pages;

/// <summary>Everything the script of an explanation's page needs.</summary>
static class ExplanationData
{
    /// <summary>The data as JSON that is safe inside a script element.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="top">How many heads are shown one by one.</param>
    public static string Json(ImageExplanation explanation, int top)
    {
        using MemoryStream stream = new();
        // The default encoder also escapes <, > and &, so no text can end the block.
        using (Utf8JsonWriter json = new(stream))
            Write(json, explanation, top);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    static void Write(Utf8JsonWriter json, ImageExplanation explanation, int top)
    {
        json.WriteStartObject();
        json.WriteNumber("layers", explanation.LayerCount);
        json.WriteNumber("heads", explanation.HeadCount);
        json.WriteNumber("rows", explanation.PatchRows);
        json.WriteNumber("texts", explanation.TextCount);
        json.WriteNumber("top", top);
        json.WriteStartArray("names");
        foreach (string name in explanation.Texts.Names)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteNumbers("cosines", explanation.Cosines);
        WriteColor(json, "for", Heatmap.Positive);
        WriteColor(json, "against", Heatmap.Negative);
        json.WriteLayers(explanation);
        json.WriteStartArray("headEffects");
        for (int layer = 0; layer < explanation.LayerCount; layer++)
        {
            json.WriteStartArray();
            for (int head = 0; head < explanation.HeadCount; head++)
                json.WriteNumbers(explanation.Head(layer, head));
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("maps");
        for (int text = 0; text < explanation.TextCount; text++)
            json.WriteNumbers(explanation.Map(text, contrast: false));
        json.WriteEndArray();
        WritePatches(json, explanation);
        json.WriteEndObject();
    }

    static void WriteColor(Utf8JsonWriter json, string name, Rgb color)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(color.Red);
        json.WriteNumberValue(color.Green);
        json.WriteNumberValue(color.Blue);
        json.WriteEndArray();
    }

    /// <summary>The maps of single heads [T, L, H, N] in 16 bits, since they are only drawn and read to three digits.</summary>
    static void WritePatches(Utf8JsonWriter json, ImageExplanation explanation)
    {
        float[] values = new float[explanation.TextCount * explanation.LayerCount * explanation.HeadCount * explanation.PatchCount];
        int at = 0;
        for (int text = 0; text < explanation.TextCount; text++)
            for (int layer = 0; layer < explanation.LayerCount; layer++)
                for (int head = 0; head < explanation.HeadCount; head++)
                    for (int patch = 0; patch < explanation.PatchCount; patch++)
                        values[at++] = explanation.Patch(layer, head, patch)[text];
        float scale = Heatmap.ScaleOf(values) / short.MaxValue;
        short[] patches = Array.ConvertAll(values, value => (short)Math.Round(value / scale));
        json.WriteNumber("patchScale", scale);
        json.WriteBase64String("patches", MemoryMarshal.AsBytes(patches.AsSpan()));
    }
}

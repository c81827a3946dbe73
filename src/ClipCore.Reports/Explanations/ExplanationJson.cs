using System.Text.Encodings.Web;
using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.Explanation;
using ClipCore.Images;

namespace ClipCore.Reports.Explanations;

/// <summary>An explanation with all its numbers, as one JSON object. Safe for many threads.</summary>
public static class ExplanationJson
{
    static readonly JsonWriterOptions s_format = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="explanation">The explanation.</param>
    /// <param name="provenance">Where it came from.</param>
    public static void Write(Utf8JsonWriter json, ImageExplanation explanation, Provenance provenance)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(provenance);
        json.WriteStartObject();
        json.WriteString("version", provenance.Version);
        json.WriteString("command", provenance.Command);
        json.WriteStartObject("model");
        json.WriteString("name", provenance.Model.Name);
        json.WriteString("sha256", provenance.Model.Sha256);
        json.WriteNumber("layers", explanation.LayerCount);
        json.WriteNumber("heads", explanation.HeadCount);
        json.WriteNumber("patchRows", explanation.PatchRows);
        json.WriteNumber("patchColumns", explanation.PatchRows);
        json.WriteEndObject();
        json.WriteString("instructionSet", provenance.InstructionSet);
        json.WriteNumber("threads", provenance.Threads);
        json.WriteString("convention", explanation.MeanShare == MeanShare.Even ? "paper" : "centered");
        WriteImage(json, explanation);
        WriteTexts(json, explanation.Texts);
        json.WriteString("sentence", ExplanationSentence.Of(explanation));
        json.WriteStartObject("completeness");
        json.WriteNumber("representation", explanation.Completeness);
        json.WriteNumber("representationParts", explanation.PartCount);
        json.WriteNumber("scores", explanation.ScoreCompleteness);
        json.WriteNumber("scoreParts", explanation.ScorePartCount);
        json.WriteEndObject();
        json.WriteString("unit", "cosine; the last axis of every array is the text");
        WriteParts(json, explanation);
        WriteHeads(json, explanation);
        json.WriteEndObject();
    }

    /// <summary>The object as a file: UTF-8, indented, with a line break at the end.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="provenance">Where it came from.</param>
    public static byte[] ToBytes(ImageExplanation explanation, Provenance provenance)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, s_format))
            Write(json, explanation, provenance);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    static void WriteImage(Utf8JsonWriter json, ImageExplanation explanation)
    {
        PictureRectangle seen = explanation.Image.Seen;
        json.WriteStartObject("image");
        json.WriteString("path", explanation.Picture.Name);
        json.WriteNumber("width", explanation.Picture.Width);
        json.WriteNumber("height", explanation.Picture.Height);
        json.WriteNumber("seenX", seen.X);
        json.WriteNumber("seenY", seen.Y);
        json.WriteNumber("seenWidth", seen.Width);
        json.WriteNumber("seenHeight", seen.Height);
        json.WriteEndObject();
    }

    static void WriteTexts(Utf8JsonWriter json, ExplainedTexts texts)
    {
        json.WriteNumber("candidates", texts.CandidateCount);
        json.WriteStartArray("texts");
        for (int i = 0; i < texts.Names.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("text", texts.Names[i]);
            json.WriteNumber("probability", texts.Probabilities[i]);
            json.WriteNumber("cosine", texts.Cosines[i]);
            json.WriteNumber("logit", texts.Logits[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteParts(Utf8JsonWriter json, ImageExplanation explanation)
    {
        json.WriteLayers(explanation);
        json.WriteStartArray("topHeads");
        foreach ((ComponentLabel label, float effect) in explanation.StrongestHeads(0))
        {
            json.WriteStartObject();
            json.WriteString("label", label.ToString());
            json.WriteNumber("layer", label.Layer);
            json.WriteNumber("head", label.Head);
            json.WriteNumber("contrast", effect);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteMaps(json, explanation, "heatmaps", contrast: false);
        WriteMaps(json, explanation, "contrastHeatmaps", contrast: true);
    }

    static void WriteHeads(Utf8JsonWriter json, ImageExplanation explanation)
    {
        json.WriteStartObject("heads");
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            for (int head = 0; head < explanation.HeadCount; head++)
            {
                json.WriteStartObject($"L{layer}.H{head}");
                json.WriteNumbers("effect", explanation.Head(layer, head));
                json.WriteNumbers("classToken", explanation.ClassToken(layer, head));
                json.WriteStartArray("patches");
                for (int patch = 0; patch < explanation.PatchCount; patch++)
                    json.WriteNumbers(explanation.Patch(layer, head, patch));
                json.WriteEndArray();
                json.WriteEndObject();
            }
        json.WriteEndObject();
    }

    static void WriteMaps(Utf8JsonWriter json, ImageExplanation explanation, string name, bool contrast)
    {
        json.WriteStartArray(name);
        for (int text = 0; text < explanation.TextCount; text++)
            json.WriteNumbers(explanation.Map(text, contrast));
        json.WriteEndArray();
    }
}

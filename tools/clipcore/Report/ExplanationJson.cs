using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Numerics;

namespace ClipCore.Cli.Report;

/// <summary>An explanation with all its numbers.</summary>
static class ExplanationJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        Provenance made = explanation.Provenance;
        json.WriteStartObject();
        json.WriteString("version", made.Version);
        json.WriteString("command", made.Command);
        json.WriteStartObject("model");
        json.WriteString("name", made.Model);
        json.WriteString("sha256", made.Sha256);
        json.WriteNumber("layers", explanation.LayerCount);
        json.WriteNumber("heads", explanation.HeadCount);
        json.WriteNumber("patchRows", explanation.PatchRows);
        json.WriteNumber("patchColumns", explanation.PatchRows);
        json.WriteEndObject();
        json.WriteString("instructionSet", made.InstructionSet);
        json.WriteNumber("threads", made.Threads);
        json.WriteString("convention", made.Convention == Decomposition.MeanShare.Even ? "paper" : "centered");
        WriteImage(json, explanation);
        WriteTexts(json, explanation.Texts);
        json.WriteString("sentence", explanation.Sentence());
        json.WriteStartObject("completeness");
        json.WriteNumber("representation", explanation.VectorCompleteness);
        json.WriteNumber("representationParts", explanation.VectorPartCount);
        json.WriteNumber("scores", explanation.Completeness);
        json.WriteNumber("scoreParts", explanation.PartCount);
        json.WriteEndObject();
        json.WriteString("unit", "cosine; the last axis of every array is the text");
        WriteParts(json, explanation);
        json.WriteEndObject();
    }

    static void WriteImage(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartObject("image");
        json.WriteString("path", explanation.ImageName);
        json.WriteNumber("width", explanation.Whole.Width);
        json.WriteNumber("height", explanation.Whole.Height);
        json.WriteNumber("seenX", explanation.Image.Seen.X);
        json.WriteNumber("seenY", explanation.Image.Seen.Y);
        json.WriteNumber("seenWidth", explanation.Image.Seen.Width);
        json.WriteNumber("seenHeight", explanation.Image.Seen.Height);
        json.WriteEndObject();
    }

    static void WriteTexts(Utf8JsonWriter json, ExplainedTexts texts)
    {
        json.WriteNumber("candidates", texts.CandidateCount);
        json.WriteStartArray("texts");
        for (int i = 0; i < texts.Names.Length; i++)
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

    static void WriteParts(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteNumbers("embed", explanation.Embed);
        json.WriteStartArray("attention");
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            json.WriteNumbers(explanation.Attention(layer));
        json.WriteEndArray();
        json.WriteStartArray("mlps");
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            json.WriteNumbers(explanation.Mlp(layer));
        json.WriteEndArray();
        json.WriteStartArray("topHeads");
        foreach (HeadEffect head in explanation.TopHeads(0))
        {
            json.WriteStartObject();
            json.WriteString("label", head.Label);
            json.WriteNumber("layer", head.Layer);
            json.WriteNumber("head", head.Head);
            json.WriteNumber("contrast", head.Effect);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteMaps(json, explanation, "heatmaps", contrast: false);
        WriteMaps(json, explanation, "contrastHeatmaps", contrast: true);
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

    static void WriteMaps(Utf8JsonWriter json, Explanation explanation, string name, bool contrast)
    {
        json.WriteStartArray(name);
        for (int text = 0; text < explanation.TextCount; text++)
            json.WriteNumbers(explanation.Map(text, contrast));
        json.WriteEndArray();
    }
}

using ClipCore.Cli.Results;
using ClipCore.Decomposition;
using ClipCore.Explanation;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Numerics;
using ClipCore.Reports.Explanations;

namespace ClipCore.Cli.Report;

/// <summary>An explanation with all its numbers, for programs.</summary>
static class ExplanationResults
{
    /// <summary>Collects them.</summary>
    public static ExplainResults Of(ImageExplanation explanation, ClipModel model, string commandLine)
    {
        PictureRectangle seen = explanation.Image.Seen;
        ExplainedTexts texts = explanation.Texts;
        int layers = explanation.LayerCount;
        return new ExplainResults(
            new ExplainedImage(explanation.Picture.Name, explanation.Picture.Width, explanation.Picture.Height, seen.X, seen.Y, seen.Width, seen.Height),
            explanation.MeanShare == MeanShare.Even ? "paper" : "centered", layers, explanation.HeadCount, explanation.PatchRows, explanation.PatchRows,
            texts.CandidateCount,
            [.. texts.Names.Select((name, i) => new ExplainedText(name, texts.Probabilities[i], texts.Cosines[i], texts.Logits[i]))],
            ExplanationSentence.Of(explanation),
            new ExplainCompleteness(explanation.Completeness, explanation.PartCount, explanation.ScoreCompleteness, explanation.ScorePartCount),
            explanation.Embed.ToArray(), [.. Enumerable.Range(0, layers).Select(layer => explanation.Attention(layer).ToArray())],
            [.. Enumerable.Range(0, layers).Select(layer => explanation.Mlp(layer).ToArray())],
            [.. explanation.StrongestHeads(0).Select(head => new ExplainedHead(head.Label.ToString(), head.Label.Layer, head.Label.Head, head.Effect))],
            [.. Enumerable.Range(0, explanation.TextCount).Select(text => explanation.Map(text, contrast: false))],
            [.. Enumerable.Range(0, explanation.TextCount).Select(text => explanation.Map(text, contrast: true))],
            Heads(explanation), model.Isa == Isa.Scalar ? "scalar code" : $"{(int)model.Isa}-bit registers", model.ThreadCount, commandLine, []);
    }

    static Dictionary<string, HeadEffects> Heads(ImageExplanation explanation)
    {
        Dictionary<string, HeadEffects> heads = [];
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            for (int head = 0; head < explanation.HeadCount; head++)
            {
                float[][] patches = new float[explanation.PatchCount][];
                for (int patch = 0; patch < patches.Length; patch++)
                    patches[patch] = explanation.Patch(layer, head, patch).ToArray();
                heads[ComponentLabel.OfHead(layer, head).ToString()] = new HeadEffects(
                    explanation.Head(layer, head).ToArray(), explanation.ClassToken(layer, head).ToArray(), patches);
            }
        return heads;
    }
}

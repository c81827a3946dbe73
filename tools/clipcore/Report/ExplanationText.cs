using ClipCore.Cli.Results;
using ClipCore.Explanation;
using ClipCore.Numerics;
using ClipCore.Reports;

namespace ClipCore.Cli.Report;

/// <summary>An explanation as text for the terminal.</summary>
static class ExplanationText
{
    const int ColumnWidth = 10;

    /// <summary>Prints it.</summary>
    public static void Write(TextWriter output, ClipModel model, ImageExplanation explanation, ExplainResults results)
    {
        output.WriteLine($"model         {model.Identity.Name}: {explanation.LayerCount} layers of {explanation.HeadCount} heads, "
            + $"{explanation.PatchRows} × {explanation.PatchRows} patches; SHA-256 {model.Identity.Sha256[..16]}");
        output.WriteLine($"computed with {results.InstructionSet}, {results.Threads} {(results.Threads == 1 ? "thread" : "threads")}");
        output.WriteLine($"image         {explanation.Picture.Name} ({explanation.Picture.Width} × {explanation.Picture.Height})");
        output.WriteLine();
        WriteTexts(output, explanation);
        output.WriteLine();
        output.WriteLine($"completeness: max |sum of direct effects − representation| = {Format.Error(explanation.Completeness)} over "
            + $"{Format.Count(explanation.PartCount)} parts;");
        output.WriteLine($"              the {Format.Count(explanation.ScorePartCount)} parts by head and patch add up to the scores within "
            + $"{Format.Error(explanation.ScoreCompleteness)}");
        output.WriteLine();
        WriteParts(output, explanation);
        output.WriteLine();
        WriteHeads(output, explanation, results);
        output.WriteLine();
        output.WriteLine(results.Sentence);
    }

    static void WriteTexts(TextWriter output, ImageExplanation explanation)
    {
        ExplainedTexts texts = explanation.Texts;
        if (texts.CandidateCount > texts.Names.Count)
            output.WriteLine($"the {texts.Names.Count} most probable of {texts.CandidateCount}");
        output.WriteLine("      probability    cosine  text");
        for (int i = 0; i < texts.Names.Count; i++)
            output.WriteLine(FormattableString.Invariant(
                $"{$"[{i + 1}]",-4}  {texts.Probabilities[i],11:0.0000}  {texts.Cosines[i],8:0.0000}  {texts.Names[i]}"));
    }

    static void WriteParts(TextWriter output, ImageExplanation explanation)
    {
        output.WriteLine("direct effects on each text's score (cosine)");
        output.WriteLine($"{"",-14}{string.Concat(Enumerable.Range(1, explanation.TextCount).Select(text => $"[{text}]".PadLeft(ColumnWidth)))}");
        WriteRow(output, "embed", explanation.Embed);
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            WriteRow(output, $"attention {layer}", explanation.Attention(layer));
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            WriteRow(output, $"MLP {layer}", explanation.Mlp(layer));
        WriteRow(output, "sum", explanation.Cosines);
    }

    static void WriteRow(TextWriter output, string label, ReadOnlySpan<float> effects)
    {
        output.Write(label.PadRight(14));
        foreach (float effect in effects)
            output.Write(FormattableString.Invariant($"{effect,ColumnWidth:+0.0000;-0.0000}"));
        output.WriteLine();
    }

    static void WriteHeads(TextWriter output, ImageExplanation explanation, ExplainResults results)
    {
        output.WriteLine(explanation.TextCount > 1
            ? "heads that speak most for (+) and against (-) [1] over the others"
            : "heads that speak most for (+) and against (-) [1]");
        foreach (ExplainedHead head in results.TopHeads)
            output.WriteLine(FormattableString.Invariant($"  {head.Label,-8}{head.Contrast,ColumnWidth:+0.0000;-0.0000}"));
    }
}

using ClipCore.Explanation;
using ClipCore.Reports;
using ClipCore.Reports.Explanations;

namespace ClipCore.Cli.Report;

/// <summary>An explanation as text for the terminal.</summary>
static class ExplanationText
{
    const int ColumnWidth = 10;

    /// <summary>Prints it.</summary>
    public static void Write(TextWriter output, ImageExplanation explanation, Provenance made)
    {
        output.WriteLine($"model         {made.Model.Name}: {explanation.LayerCount} layers of {explanation.HeadCount} heads, {explanation.PatchRows} × {explanation.PatchRows} patches; SHA-256 {made.Model.Sha256[..16]}");
        output.WriteLine($"computed with {made.InstructionSet}, {made.ThreadsInWords}");
        output.WriteLine($"image         {explanation.Picture.Name} ({explanation.Picture.Width} × {explanation.Picture.Height})");
        output.WriteLine();
        WriteTexts(output, explanation);
        output.WriteLine();
        output.WriteLine($"completeness: max |sum of direct effects − representation| = {Format.Error(explanation.Completeness)} over {Format.Count(explanation.PartCount)} parts;");
        output.WriteLine($"              the {Format.Count(explanation.ScorePartCount)} parts by head and patch add up to the scores within {Format.Error(explanation.ScoreCompleteness)}");
        output.WriteLine();
        WriteParts(output, explanation);
        output.WriteLine();
        WriteHeads(output, explanation);
        output.WriteLine();
        output.WriteLine(ExplanationSentence.Of(explanation));
    }

    static void WriteTexts(TextWriter output, ImageExplanation explanation)
    {
        ExplainedTexts texts = explanation.Texts;
        if (texts.CandidateCount > texts.Names.Count)
            output.WriteLine($"the {texts.Names.Count} most probable of {texts.CandidateCount}");
        output.WriteLine("      probability    cosine  text");
        for (int i = 0; i < texts.Names.Count; i++)
            output.WriteLine(FormattableString.Invariant($"{$"[{i + 1}]",-4}  {texts.Probabilities[i],11:0.0000}  {texts.Cosines[i],8:0.0000}  {texts.Names[i]}"));
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

    static void WriteHeads(TextWriter output, ImageExplanation explanation)
    {
        output.WriteLine(explanation.TextCount > 1
            ? "heads that speak most for (+) and against (-) [1] over the others"
            : "heads that speak most for (+) and against (-) [1]");
        foreach (HeadEffect head in explanation.StrongestHeads(0))
            output.WriteLine(FormattableString.Invariant($"  {head.Label.ToString(),-8}{head.Effect,ColumnWidth:+0.0000;-0.0000}"));
    }
}

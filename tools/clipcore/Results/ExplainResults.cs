using ClipCore.Numerics;

namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore explain</c> for one picture: effects in units of cosine, the last axis of every array is the text.</summary>
sealed record ExplainResults(
    ExplainedImage Image, string Convention, int Layers, int HeadCount, int PatchRows, int PatchColumns, int Candidates, ExplainedText[] Texts,
    string Sentence, ExplainCompleteness Completeness, float[] Embed, float[][] Attention, float[][] Mlps, ExplainedHead[] TopHeads,
    float[][] Heatmaps, float[][] ContrastHeatmaps, Dictionary<string, HeadEffects> Heads, string InstructionSet, int Threads, string CommandLine,
    string[] Written);

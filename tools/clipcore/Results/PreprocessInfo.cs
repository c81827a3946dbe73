using ClipCore.Images;

namespace ClipCore.Cli.Results;

/// <summary>How pictures are prepared.</summary>
sealed record PreprocessInfo(int Size, string ResizeMode, string Interpolation, float[] Mean, float[] Std);

namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore preprocess</c>; the part of the picture that is seen as x, y, width, height.</summary>
sealed record PreprocessResults(string Image, int Width, int Height, int Size, double[] Seen, string Out);

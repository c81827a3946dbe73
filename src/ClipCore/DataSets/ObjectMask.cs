namespace ClipCore.DataSets;

/// <summary>Which pixels of a picture show its object. Immutable, safe for many threads.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Labels">1 foreground, 0 background, −1 left out of every count. [height, width]</param>
public sealed partial record ObjectMask(int Width, int Height, sbyte[] Labels)
{
    /// <summary>Share of the pixels with a label, between 0 and 1.</summary>
    /// <param name="label">1 foreground, 0 background, −1 left out.</param>
    public double ShareOf(int label)
    {
        long count = 0;
        foreach (sbyte value in Labels)
            count += value == label ? 1 : 0;
        return Labels.Length == 0 ? 0 : (double)count / Labels.Length;
    }
}

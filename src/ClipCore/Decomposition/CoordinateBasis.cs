namespace ClipCore.Decomposition;

/// <summary>The constants of a checkpoint that turn coordinates into effects: B in its parts.</summary>
/// <param name="G">W_l A of each layer; the rows of head h are h·k … [L, d, e]</param>
/// <param name="OutBias">bO_l A. [L, e]</param>
/// <param name="Ones">1 A. [e]</param>
/// <param name="Beta">β P. [e]</param>
sealed record CoordinateBasis(float[] G, float[] OutBias, float[] Ones, float[] Beta)
{
    /// <summary>B of one head. [k + 3, e]</summary>
    public float[] OfHead(int layer, int head, int layers, int heads, int width, int embed)
    {
        int k = width / heads;
        float[] b = new float[(k + EffectCoordinates.Scalars) * embed];
        G.AsSpan(((layer * width) + (head * k)) * embed, k * embed).CopyTo(b);
        double components = (2 * layers) + 1;
        for (int j = 0; j < embed; j++)
        {
            b[(k * embed) + j] = (float)(OutBias[(layer * embed) + j] / (double)heads);
            b[((k + 1) * embed) + j] = (float)(-Ones[j] / (components * heads));
            b[((k + 2) * embed) + j] = (float)(Beta[j] / (components * heads));
        }
        return b;
    }
}

using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;

namespace ClipCore.Cli.Commands;

/// <summary>Classes as directions of the shared space.</summary>
/// <param name="Names">Names of the classes, or the texts.</param>
/// <param name="Templates">The templates that were used; empty for texts.</param>
/// <param name="Rows">Unit vectors. [c × e]</param>
sealed record Classifier(string[] Names, string[] Templates, float[] Rows)
{
    /// <summary>The same as the paper's scripts store it. [e × c]</summary>
    public float[] Transposed()
    {
        int classes = Names.Length, width = Rows.Length / classes;
        float[] columns = new float[Rows.Length];
        for (int c = 0; c < classes; c++)
            for (int j = 0; j < width; j++)
                columns[(j * classes) + c] = Rows[(c * width) + j];
        return columns;
    }
}

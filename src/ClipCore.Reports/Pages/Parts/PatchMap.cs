using ClipCore.Images;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Pages.Parts;

/// <summary>A map of patches over the page's photo, drawn raw: one cell a patch.</summary>
static class PatchMap
{
    /// <summary>The map as a figure.</summary>
    /// <param name="map">Values of the patches. [rows, rows]</param>
    /// <param name="rows">Rows of patches, and columns.</param>
    /// <param name="scale">The value of full colour.</param>
    /// <param name="description">The picture in words, not yet escaped.</param>
    /// <param name="caption">HTML under it.</param>
    public static string Html(float[] map, int rows, float scale, string description, string caption)
    {
        string layer = HtmlPage.DataUri(PngWriter.Encode(new Heatmap(map, rows, rows, scale).ToRgba(), rows, rows));
        return $"<figure><div class=\"stack\" role=\"img\" aria-label=\"{HtmlPage.Escape(description)}\"><img src=\"{layer}\" alt=\"\"></div>"
            + $"<figcaption>{caption}</figcaption></figure>\n";
    }

    /// <summary>Where a map is strongest, in words.</summary>
    /// <param name="map">Values of the patches. [rows, rows]</param>
    /// <param name="rows">Rows of patches, and columns.</param>
    public static string Strongest(float[] map, int rows)
    {
        int best = 0;
        for (int i = 1; i < map.Length; i++)
            if (map[i] > map[best])
                best = i;
        return $"strongest in row {(best / rows) + 1}, column {(best % rows) + 1} with {Format.Signed(map[best])}";
    }
}

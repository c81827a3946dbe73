using System.Text;

namespace ClipCore.Reports.Pages.Parts;

/// <summary>A value for each part of a model: one cell a head, later layers on top, each layer's MLP at the right and the embedding at the bottom.</summary>
static class HeadGrid
{
    // More columns than this leave no room for numbers in the cells.
    const int MostReadableHeads = 8;

    /// <summary>The grid as a table whose heads are buttons.</summary>
    /// <param name="heads">Values of the heads. [layers][heads]</param>
    /// <param name="mlps">Values of the MLPs. [layers]</param>
    /// <param name="embed">Value of the embedding.</param>
    /// <param name="scale">The value of full colour.</param>
    public static string Html(float[][] heads, float[] mlps, float embed, float scale)
    {
        int headCount = heads[0].Length;
        StringBuilder html = new();
        html.Append($"<table class=\"grid{(headCount > MostReadableHeads ? " dense" : "")}\" id=\"grid\">\n<thead><tr>");
        html.Append("<th class=\"layer\" scope=\"col\">layer</th>");
        for (int head = 0; head < headCount; head++)
            html.Append($"<th scope=\"col\">H{head}</th>");
        html.Append("<th scope=\"col\">MLP</th></tr></thead>\n<tbody>\n");
        for (int layer = heads.Length - 1; layer >= 0; layer--)
        {
            html.Append($"<tr><th class=\"layer\" scope=\"row\">L{layer}</th>");
            for (int head = 0; head < headCount; head++)
                html.Append($"<td>{Head(layer, head, heads[layer][head], scale)}</td>");
            html.Append(Mlp(layer, $"L{layer}.MLP", mlps[layer], scale)).Append("</tr>\n");
        }
        html.Append($"<tr><th class=\"layer\" scope=\"row\">embed</th>{string.Concat(Enumerable.Repeat("<td></td>", headCount))}");
        return html.Append(Mlp(-1, "Embed", embed, scale)).Append("</tr>\n</tbody>\n</table>\n").ToString();
    }

    static string Head(int layer, int head, float value, float scale)
    {
        string label = $"L{layer}.H{head}";
        return $"<button type=\"button\" {Cell("cell", label, value, scale, $"data-head=\"{layer},{head}\"")}</button>";
    }

    static string Mlp(int layer, string label, float value, float scale) =>
        $"<td class=\"mlp\"><span {Cell("value cell", label, value, scale, $"data-mlp=\"{layer}\"")}</span></td>";

    static string Cell(string kind, string label, float value, float scale, string data) =>
        $"class=\"{kind} {SignedCell.Tone(value)}\" style=\"--v:{SignedCell.Strength(value, scale)}\" {data} data-label=\"{label}\" "
        + $"title=\"{label} {Format.Signed(value)}\">{Format.Cell(value)}";
}

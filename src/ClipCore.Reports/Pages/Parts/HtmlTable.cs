using System.Text;

namespace ClipCore.Reports.Pages.Parts;

/// <summary>A table whose rows begin with their names.</summary>
/// <param name="columns">Headings, and whether the column holds numbers.</param>
sealed class HtmlTable(params (string Heading, bool IsNumber)[] columns)
{
    readonly StringBuilder _rows = new();

    /// <summary>Adds a row.</summary>
    /// <param name="cells">Texts of all columns, not yet escaped.</param>
    public void Add(params ReadOnlySpan<string> cells)
    {
        _rows.Append($"<tr><th scope=\"row\">{HtmlPage.Escape(cells[0])}</th>");
        for (int i = 1; i < columns.Length; i++)
            _rows.Append($"<td{Kind(i)}>{HtmlPage.Escape(cells[i])}</td>");
        _rows.Append("</tr>\n");
    }

    /// <summary>The table as HTML.</summary>
    public string Html()
    {
        StringBuilder html = new("<table class=\"figures\">\n<thead><tr>");
        for (int i = 0; i < columns.Length; i++)
            html.Append($"<th scope=\"col\"{Kind(i)}>{HtmlPage.Escape(columns[i].Heading)}</th>");
        return html.Append("</tr></thead>\n<tbody>\n").Append(_rows).Append("</tbody>\n</table>\n").ToString();
    }

    string Kind(int column) => columns[column].IsNumber ? " class=\"number\"" : "";
}

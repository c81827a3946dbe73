using System.Globalization;
using System.Text;
using ClipCore.Reports.Pages;
using ClipCore.Reports.Pages.Parts;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Retrieval;

/// <summary>What was found, as a page that stands alone. Safe for many threads.</summary>
public static class RetrievalPage
{
    const int CrispSize = 192;

    const string Grid = ".found { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(45%, 160px), 1fr)); gap: 16px; }\n"
        + ".found img { display: block; width: 100%; height: auto; }\n";

    /// <summary>The page as HTML.</summary>
    /// <param name="report">What was asked and found.</param>
    public static string Write(RetrievalReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder html = new();
        string question = string.Join(" and ", report.Terms);
        RetrievalPicture? best = report.Found.Count > 0 ? report.Found[0] : null;
        string first = best == null ? "<strong>no image</strong> comes first" : $"<strong>{HtmlPage.Escape(best.Name)}</strong> comes first with {Score(best)}";
        html.Append(CultureInfo.InvariantCulture, $"""
            <h1 dir="auto">{HtmlPage.Escape(question)}</h1>
            <p>Of {report.ImageCount} images, {first}.
            {HtmlPage.Escape(report.Meaning)}</p>

            """);
        if (report.Queries.Count > 0)
        {
            html.Append("<h2>Asked with</h2>\n<div class=\"found\">\n");
            foreach (RetrievalPicture query in report.Queries)
                html.Append(Figure(query, $"{query.Name}, by {query.Note}", ""));
            html.Append("</div>\n");
        }
        html.Append("<h2>Found</h2>\n<div class=\"found\">\n");
        for (int i = 0; i < report.Found.Count; i++)
            html.Append(Figure(report.Found[i], $"{i + 1} · {Score(report.Found[i])}", $"{report.Found[i].Name} {report.Found[i].Note}".Trim()));
        html.Append("</div>\n");
        if (report.Recall.Count > 0)
            html.Append("<h2>Recall</h2>\n").Append(Recall(report.Recall));
        return HtmlPage.Document($"retrieve · {question}", HtmlPage.Style + Grid, html.ToString());
    }

    static string Recall(IReadOnlyList<RecallRow> rows)
    {
        HtmlTable table = new(("queries", false), ("at 1", true), ("at 5", true), ("at 10", true));
        foreach ((string queries, double at1, double at5, double at10) in rows)
            table.Add(queries, Three(at1), Three(at5), Three(at10));
        return table.Html();
    }

    static string Figure(RetrievalPicture picture, string caption, string note)
    {
        string pixels = picture.Image.Size < CrispSize ? " class=\"pixels\"" : "", source = HtmlPage.DataUri(Canvas.Of(picture.Image).ToPng());
        return $"<figure><img src=\"{source}\" alt=\"{HtmlPage.Escape(note.Length > 0 ? note : picture.Name)}\"{pixels}>"
            + $"<figcaption dir=\"auto\">{HtmlPage.Escape(caption)}<br>{HtmlPage.Escape(note)}</figcaption></figure>\n";
    }

    static string Score(RetrievalPicture picture) => Three(picture.Score ?? 0);

    static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using ClipCore.Cli.Data;
using ClipCore.Images;
using ClipCore.Numerics;
using ClipCore.Reports.Pictures;

namespace ClipCore.Cli.Report;

/// <summary>What was found, as a contact sheet and as a page.</summary>
sealed class RetrievalSheet
{
    const int SmallTile = 192, Columns = 4;

    readonly RetrievalInput _input;
    readonly RetrievalTerm[] _terms;
    readonly FoundImage[] _found;
    readonly RetrievalRecall[] _recalls;

    public RetrievalSheet(RetrievalInput input, RetrievalTerm[] terms, FoundImage[] found, RetrievalRecall[] recalls) =>
        (_input, _terms, _found, _recalls) = (input, terms, found, recalls);

    /// <summary>The pictures of the query, then the images found, each with its score.</summary>
    public byte[] ToPng()
    {
        int side = _input.Model!.Preprocessor.Config.Size, zoom = Math.Max(1, SmallTile / side);
        ContactSheet sheet = new(side * zoom, Columns, [.. _terms.Select(term => term.Describe())]);
        foreach (RetrievalTerm term in _terms.Where(term => term.Text == null))
            sheet.Add(Picture(PathOf(term), zoom), "query", term.By);
        for (int i = 0; i < _found.Length; i++)
            sheet.Add(
                Picture(_input.NameOf(_found[i].Index), zoom), string.Create(CultureInfo.InvariantCulture, $"{i + 1}: {_found[i].Score:0.000}"),
                Path.GetFileName(_input.NameOf(_found[i].Index)), _input.Describe(_found[i].Index));
        return sheet.Draw().ToPng();
    }

    /// <summary>The same as a page that stands alone.</summary>
    public byte[] ToPage()
    {
        StringBuilder html = new();
        string question = string.Join(" and ", _terms.Select(term => term.Describe()));
        string best = _found.Length == 0 ? "no image" : Path.GetFileName(_input.NameOf(_found[0].Index));
        html.Append(CultureInfo.InvariantCulture, $"""
            <h1 dir="auto">{HtmlPage.Escape(question)}</h1>
            <p>Of {_input.Effects.ImageCount} images, <strong>{HtmlPage.Escape(best)}</strong> comes first{(_found.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $" with {_found[0].Score:0.000}") : "")}. {Meaning()}</p>

            """);
        if (_terms.Any(term => term.Text == null))
        {
            html.Append("<h2>Asked with</h2>\n<div class=\"found\">\n");
            foreach (RetrievalTerm term in _terms.Where(term => term.Text == null))
                Figure(html, PathOf(term), $"{Path.GetFileName(PathOf(term))}, by {term.By}", "");
            html.Append("</div>\n");
        }
        html.Append("<h2>Found</h2>\n<div class=\"found\">\n");
        for (int i = 0; i < _found.Length; i++)
            Figure(
                html, _input.NameOf(_found[i].Index), string.Create(CultureInfo.InvariantCulture, $"{i + 1} · {_found[i].Score:0.000}"),
                $"{Path.GetFileName(_input.NameOf(_found[i].Index))} {_input.Describe(_found[i].Index)}");
        html.Append("</div>\n");
        WriteRecall(html);
        string style = HtmlPage.Resource("explanation.css")
            .Replace("{{for-light}}", ColorMap.Diverging[0.5f].ToString(), StringComparison.Ordinal)
            .Replace("{{against-light}}", ColorMap.Diverging[-0.5f].ToString(), StringComparison.Ordinal)
            .Replace("{{for-dark}}", ColorMap.Diverging[0.95f].ToString(), StringComparison.Ordinal)
            .Replace("{{against-dark}}", ColorMap.Diverging[-0.95f].ToString(), StringComparison.Ordinal)
            + ".found { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(45%, 160px), 1fr)); gap: 16px; }\n.found img { display: block; width: 100%; height: auto; }\n";
        return Encoding.UTF8.GetBytes(HtmlPage.Document($"retrieve · {question}", style, html.ToString(), null));
    }

    string Meaning() => _terms.Length > 1 ? "The score is the sum of the terms, each counted in standard deviations over all images."
        : _terms[0].Text != null ? _terms[0].Components.Length > 0 ? "The score is what these components add to the cosine with the text." : "The score is the cosine with the text."
        : _terms[0].Components.Length > 0 ? "The score is the cosine of what these components say, less their mean over all images." : "The score is the cosine of the representations.";

    void WriteRecall(StringBuilder html)
    {
        if (_recalls.Length == 0)
            return;
        html.Append("<h2>Recall</h2>\n<table>\n<thead><tr><th scope=\"col\">queries</th><th scope=\"col\">at 1</th><th scope=\"col\">at 5</th><th scope=\"col\">at 10</th></tr></thead>\n<tbody>\n");
        foreach (RetrievalRecall recall in _recalls)
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{recall.Queries} {recall.Kind}</th>{string.Concat(recall.Shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"<td class=\"number\">{share:0.000}</td>")))}</tr>\n");
        html.Append("</tbody>\n</table>\n");
    }

    void Figure(StringBuilder html, string path, string caption, string note)
    {
        Canvas picture = Picture(path, 1);
        string pixels = picture.Width < SmallTile ? " class=\"pixels\"" : "";
        html.Append(CultureInfo.InvariantCulture, $"<figure><img src=\"{HtmlPage.DataUri(picture.ToPng())}\" alt=\"{HtmlPage.Escape($"{Path.GetFileName(path)} {note}".Trim())}\"{pixels}><figcaption dir=\"auto\">{HtmlPage.Escape(caption)}<br>{HtmlPage.Escape(note)}</figcaption></figure>\n");
    }

    string PathOf(RetrievalTerm term) => term.Image ?? _input.NameOf(term.Index);

    /// <summary>What the model sees of a picture.</summary>
    Canvas Picture(string path, int zoom)
    {
        PreparedImage prepared = _input.Model!.Preprocessor.Prepare(ImageDecoder.Load(path));
        Canvas canvas = new(prepared.Size * zoom, prepared.Size * zoom, Rgb.White);
        canvas.Draw(prepared.Rgb, prepared.Size, prepared.Size, 0, 0, zoom);
        return canvas;
    }
}

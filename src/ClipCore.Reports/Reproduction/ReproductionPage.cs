using System.Text;
using ClipCore.Reports.Pages;
using ClipCore.Reports.Pages.Parts;
using ClipCore.Reports.Plots;

namespace ClipCore.Reports.Reproduction;

/// <summary>A paper's tables measured beside expected, and its figures, as a page that stands alone. Safe for many threads.</summary>
public static class ReproductionPage
{
    /// <summary>The page as HTML.</summary>
    /// <param name="numbers">The numbers; those of one table follow each other under its heading.</param>
    /// <param name="plots">Names and plots.</param>
    public static string Write(IReadOnlyList<ReproducedNumber> numbers, IReadOnlyList<(string Name, Plot Plot)> plots)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(plots);
        StringBuilder body = new("<h1>The paper's tables, measured beside expected</h1>\n");
        body.Append("<p>Accuracies and scores in percent; a dash where no expectation is known.</p>\n");
        foreach (IGrouping<string, ReproducedNumber> group in numbers.GroupBy(number => number.Table))
        {
            HtmlTable table = new(("", false), ("measured", true), ("expected", true), ("source", false));
            foreach (ReproducedNumber number in group)
                table.Add(number.What, number.MeasuredInWords, number.ExpectedInWords, number.Expected == null ? "" : number.Source);
            body.Append($"<h2>{HtmlPage.Escape(group.Key)}</h2>\n").Append(table.Html());
        }
        body.Append("<div class=\"plots\">\n");
        foreach ((string name, Plot plot) in plots)
            body.Append($"<img alt=\"{HtmlPage.Escape(name)}\" src=\"{HtmlPage.SvgUri(plot.ToSvg())}\">\n");
        return HtmlPage.Document("ClipCore reproduces", HtmlPage.Style, body.Append("</div>\n").ToString());
    }
}

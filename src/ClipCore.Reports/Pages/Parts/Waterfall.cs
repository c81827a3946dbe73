using System.Text;

namespace ClipCore.Reports.Pages.Parts;

/// <summary>Parts in order, each bar beginning where the last one ended, so that one sees them sum up to the whole.</summary>
static class Waterfall
{
    /// <summary>The waterfall as a table.</summary>
    /// <param name="parts">Names and values of the parts, in order.</param>
    public static string Html(IReadOnlyList<(string Label, double Value)> parts)
    {
        double sum = 0, low = 0, high = 0;
        foreach ((_, double value) in parts)
        {
            sum += value;
            (low, high) = (Math.Min(low, sum), Math.Max(high, sum));
        }
        double width = high > low ? high - low : 1, from = 0;
        StringBuilder html = new();
        html.Append("<table class=\"waterfall\" id=\"waterfall\">");
        html.Append("<caption class=\"hidden\">The parts in order, each bar beginning where the last one ended; they sum up to the score</caption>\n<tbody>\n");
        foreach ((string label, double value) in parts)
        {
            html.Append(Bar(label, from, from + value, low, width, value, ""));
            from += value;
        }
        return html.Append(Bar("sum", 0, sum, low, width, sum, " class=\"total\"")).Append("</tbody>\n</table>\n").ToString();
    }

    static string Bar(string label, double from, double to, double low, double width, double value, string attribute)
    {
        string start = Format.Css((Math.Min(from, to) - low) / width), length = Format.Css(Math.Abs(to - from) / width);
        return $"<tr{attribute}><th scope=\"row\">{label}</th><td><div class=\"track\" style=\"--zero:{Format.Css(-low / width)}\">"
            + $"<i class=\"{SignedCell.Tone(value)}\" style=\"--from:{start};--width:{length}\"></i></div></td>"
            + $"<td class=\"number\">{Format.Signed(value)}</td></tr>\n";
    }
}

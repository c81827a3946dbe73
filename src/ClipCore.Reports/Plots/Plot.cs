using System.Globalization;
using System.Text;
using ClipCore.Reports.Pages;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Plots;

/// <summary>A plot as SVG with text as text, in the colours of the pages: light and dark by the viewer's preference. One thread at a time.</summary>
public sealed class Plot
{
    const int Left = 64, Top = 72, Right = 150, Bottom = 52;

    const double LineHeight = 15;

    readonly StringBuilder _body = new();
    readonly List<(double Y, string Text, string Kind)> _labels = [];
    readonly int _width, _height;
    readonly double _from, _to, _least, _most;

    /// <summary>An empty plot.</summary>
    /// <param name="title">The finding.</param>
    /// <param name="subtitle">What is plotted.</param>
    /// <param name="horizontal">Name of the horizontal axis; may be empty.</param>
    /// <param name="x">Ends of the horizontal axis.</param>
    /// <param name="y">Ends of the vertical axis.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public Plot(string title, string subtitle, string horizontal, (double From, double To) x, (double From, double To) y, int width = 720, int height = 420)
    {
        (_from, _to) = x;
        (_least, _most) = y;
        (_width, _height) = (width, height);
        _body.Append($"<title>{HtmlPage.Escape(title)}</title>\n");
        Text(Left, 26, title, "title");
        Text(Left, 46, subtitle, "small");
        Text((Left + _width - Right) / 2.0, _height - 10, horizontal, "small", "middle");
    }

    /// <summary>A vertical axis: lines at values, with their numbers.</summary>
    /// <param name="values">The values.</param>
    public void VerticalAxis(params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            Line(Left, Y(value), _width - Right, Y(value), "grid");
            Text(Left - 8, Y(value) + 4, Format.Css(value), "small", "end");
        }
    }

    /// <summary>Marks on the horizontal axis.</summary>
    /// <param name="marks">Where they stand, and their texts.</param>
    public void HorizontalAxis(IEnumerable<(double At, string Label)> marks)
    {
        ArgumentNullException.ThrowIfNull(marks);
        foreach ((double at, string label) in marks)
            Text(X(at), _height - Bottom + 20, label, "small", "middle");
    }

    /// <summary>A level across the plot, named at its end.</summary>
    /// <param name="value">The level.</param>
    /// <param name="label">Its name.</param>
    public void Level(double value, string label)
    {
        Line(Left, Y(value), _width - Right, Y(value), "level");
        _labels.Add((Y(value) + 4, label, "small"));
    }

    /// <summary>A line through points, named at its end.</summary>
    /// <param name="points">The points from left to right, at least one.</param>
    /// <param name="label">Its name; may be empty.</param>
    /// <param name="tone">Its colour.</param>
    public void Curve(IReadOnlyList<(double X, double Y)> points, string label, PlotTone tone = PlotTone.Main)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfZero(points.Count, nameof(points));
        string path = string.Join(' ', points.Select(point => $"{Format.Css(X(point.X))},{Format.Css(Y(point.Y))}"));
        _body.Append($"<polyline class=\"curve tone{(int)tone}\" points=\"{path}\"/>\n");
        foreach ((double x, double y) in points)
            Dot(x, y, tone);
        _labels.Add((Y(points[^1].Y) + 4, label, $"small tone{(int)tone}"));
    }

    /// <summary>A dot.</summary>
    /// <param name="x">Where on the horizontal axis.</param>
    /// <param name="y">Its value.</param>
    /// <param name="tone">Its colour.</param>
    public void Dot(double x, double y, PlotTone tone = PlotTone.Main) =>
        _body.Append($"<circle class=\"dot tone{(int)tone}\" cx=\"{Format.Css(X(x))}\" cy=\"{Format.Css(Y(y))}\" r=\"3.5\"/>\n");

    /// <summary>An expected value: an open circle.</summary>
    /// <param name="x">Where on the horizontal axis.</param>
    /// <param name="y">The value.</param>
    public void Expected(double x, double y) =>
        _body.Append($"<circle class=\"expected\" cx=\"{Format.Css(X(x))}\" cy=\"{Format.Css(Y(y))}\" r=\"6\"/>\n");

    /// <summary>A bar from 0 up, with its number.</summary>
    /// <param name="x">Its middle on the horizontal axis.</param>
    /// <param name="width">Its width, in units of the horizontal axis.</param>
    /// <param name="value">Its value.</param>
    /// <param name="tone">Its colour.</param>
    public void Bar(double x, double width, double value, PlotTone tone = PlotTone.Main)
    {
        double left = X(x - (width / 2)), right = X(x + (width / 2)), top = Y(Math.Max(value, 0)), bottom = Y(Math.Min(value, 0));
        _body.Append($"<rect class=\"bar tone{(int)tone}\" x=\"{Format.Css(left)}\" y=\"{Format.Css(top)}\" ");
        _body.Append($"width=\"{Format.Css(right - left)}\" height=\"{Format.Css(Math.Max(bottom - top, 1))}\"/>\n");
        Text((left + right) / 2, top - 5, value.ToString("0.0", CultureInfo.InvariantCulture), "small", "middle");
    }

    /// <summary>The finished file.</summary>
    public string ToSvg() => $$"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{_width}} {{_height}}" width="{{_width}}" height="{{_height}}" role="img">
        <style>
        svg { background: #ffffff; font: 13px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
        text { fill: #1b1b1b; } .title { font-size: 17px; font-weight: 600; } .small { fill: #595959; }
        .grid { stroke: #e2e2e2; } .level { stroke: #8a8a8a; stroke-dasharray: 4 3; } .curve { fill: none; stroke-width: 2; }
        .curve.tone0 { stroke: #0b57d0; } .dot.tone0, .bar.tone0 { fill: #0b57d0; }
        .curve.tone1 { stroke: {{ColorMap.Diverging[0.85f]}}; } .dot.tone1, .bar.tone1 { fill: {{ColorMap.Diverging[0.85f]}}; }
        .curve.tone2 { stroke: #8a8a8a; } .dot.tone2, .bar.tone2 { fill: #8a8a8a; }
        .expected { fill: none; stroke: #1b1b1b; stroke-width: 1.5; }
        @media (prefers-color-scheme: dark) {
          svg { background: #131313; } text { fill: #ececec; } .small { fill: #a8a8a8; } .grid { stroke: #333333; } .expected { stroke: #ececec; }
          .curve.tone0 { stroke: #8ab4f8; } .dot.tone0, .bar.tone0 { fill: #8ab4f8; }
          .curve.tone1 { stroke: {{ColorMap.Diverging[0.5f]}}; } .dot.tone1, .bar.tone1 { fill: {{ColorMap.Diverging[0.5f]}}; }
        }
        </style>
        {{_body}}{{Labels()}}</svg>

        """;

    /// <inheritdoc cref="ToSvg"/>
    public override string ToString() => ToSvg();

    /// <summary>The names at the right, moved apart where they would touch.</summary>
    string Labels()
    {
        int before = _body.Length;
        double last = double.NegativeInfinity;
        foreach ((double y, string text, string kind) in _labels.OrderBy(label => label.Y).ThenBy(label => label.Text, StringComparer.Ordinal))
        {
            last = Math.Max(y, last + LineHeight);
            Text(_width - Right + 8, last, text, kind);
        }
        string labels = _body.ToString(before, _body.Length - before);
        _body.Length = before;
        return labels;
    }

    double X(double value) => Left + ((value - _from) / (_to - _from) * (_width - Left - Right));

    double Y(double value) => _height - Bottom - ((value - _least) / (_most - _least) * (_height - Top - Bottom));

    void Line(double x1, double y1, double x2, double y2, string kind) =>
        _body.Append($"<line class=\"{kind}\" x1=\"{Format.Css(x1)}\" y1=\"{Format.Css(y1)}\" x2=\"{Format.Css(x2)}\" y2=\"{Format.Css(y2)}\"/>\n");

    void Text(double x, double y, string text, string kind, string anchor = "start") =>
        _body.Append($"<text class=\"{kind}\" x=\"{Format.Css(x)}\" y=\"{Format.Css(y)}\" text-anchor=\"{anchor}\">{HtmlPage.Escape(text)}</text>\n");
}

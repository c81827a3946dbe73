using System.Net;
using System.Reflection;
using System.Text;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Pages;

/// <summary>The shell of a page that stands alone: one file with its styles, script and pictures. Safe for many threads.</summary>
public static class HtmlPage
{
    /// <summary>The style sheet that all pages share: light and dark by the reader's preference, the colours of the maps as variables.</summary>
    public static string Style { get; } = Resource("page.css")
        .Replace("{{for-light}}", ColorMap.Diverging[0.5f].ToString(), StringComparison.Ordinal)
        .Replace("{{against-light}}", ColorMap.Diverging[-0.5f].ToString(), StringComparison.Ordinal)
        .Replace("{{for-dark}}", ColorMap.Diverging[0.95f].ToString(), StringComparison.Ordinal)
        .Replace("{{against-dark}}", ColorMap.Diverging[-0.95f].ToString(), StringComparison.Ordinal);

    /// <summary>A whole document.</summary>
    /// <param name="title">Title, not yet escaped.</param>
    /// <param name="style">The style sheet, such as <see cref="Style"/>.</param>
    /// <param name="body">The body's HTML.</param>
    /// <param name="script">A script for the end of the body; null without one.</param>
    public static string Document(string title, string style, string body, string? script = null) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Escape(title)}</title>
        <link rel="icon" href="data:,">
        <style>
        {style}</style>
        </head>
        <body>
        {body}
        {(script == null ? "" : $"<script>\n{script}</script>\n")}</body>
        </html>

        """;

    /// <summary>Text from users and files, safe inside elements and attributes.</summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The bytes of a PNG file as an address.</summary>
    /// <param name="png">The file.</param>
    public static string DataUri(ReadOnlySpan<byte> png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";

    /// <summary>A drawing as an address. As a picture it keeps its styles to itself.</summary>
    /// <param name="svg">The file's text.</param>
    public static string SvgUri(string svg) => $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}";

    /// <summary>A style sheet or script of this assembly.</summary>
    internal static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"page/{name}")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

using System.Net;
using System.Reflection;
using System.Text;

namespace ClipCore.Cli.Report;

/// <summary>The shell of a page that stands alone: one file with its styles, script and pictures.</summary>
static class HtmlPage
{
    /// <summary>A whole document.</summary>
    /// <param name="title">Title, not yet escaped.</param>
    /// <param name="style">The style sheet.</param>
    /// <param name="body">The body's HTML.</param>
    /// <param name="script">A script for the end of the body; null without one.</param>
    public static string Document(string title, string style, string body, string? script) => $"""
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
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A PNG as an address.</summary>
    public static string DataUri(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";

    /// <summary>A file of the program's own, such as a style sheet.</summary>
    public static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"page/{name}")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

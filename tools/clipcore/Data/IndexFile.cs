using System.Text;
using ClipCore.Files;

namespace ClipCore.Cli.Data;

/// <summary>Which row of an array belongs to which image: <c>index.csv</c> beside outputs of many images.</summary>
static class IndexFile
{
    /// <summary>Its name.</summary>
    public const string Name = "index.csv";

    /// <summary>Writes the columns row and image.</summary>
    public static void Write(string folder, IReadOnlyList<string> images)
    {
        StringBuilder text = new("row,image\n");
        for (int i = 0; i < images.Count; i++)
            text.Append(i).Append(',').Append(Quoted(images[i])).Append('\n');
        using OutputFile file = new(Path.Combine(folder, Name));
        file.Stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
        file.Commit();
    }

    static string Quoted(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

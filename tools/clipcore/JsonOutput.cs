using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClipCore.Files;

namespace ClipCore.Cli;

/// <summary>The option <c>--json FILE</c>: a command's results for programs; <c>-</c> is stdout, which then holds nothing else.</summary>
sealed class JsonOutput
{
    static readonly JsonWriterOptions s_format = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Option<string?> _option = new("--json") { Description = "Write the results as JSON to this file; - is stdout.", HelpName = "FILE" };

    /// <summary>Adds the option to a command.</summary>
    public JsonOutput(Command command) => command.Options.Add(_option);

    /// <summary>Where the text for people goes: nowhere when stdout is taken by JSON.</summary>
    public TextWriter Text(ParseResult result) => result.GetValue(_option) == "-" ? TextWriter.Null : result.InvocationConfiguration.Output;

    /// <summary>Writes the results, if they were asked for.</summary>
    public void Write(ParseResult result, Action<Utf8JsonWriter> write)
    {
        switch (result.GetValue(_option))
        {
            case null:
                return;
            case "":
                throw new UserException("--json is empty: name a file, or - for stdout.");
            case "-":
                result.InvocationConfiguration.Output.WriteLine(System.Text.Encoding.UTF8.GetString(ToBytes(write)));
                return;
            case { } path:
                WriteFile(path, write);
                return;
        }
    }

    /// <summary>Writes a JSON file, whole or not at all.</summary>
    public static void WriteFile(string path, Action<Utf8JsonWriter> write)
    {
        using OutputFile file = new(path);
        WriteTo(file.Stream, write);
        file.Commit();
    }

    /// <summary>Writes JSON as the files have it.</summary>
    public static void WriteTo(Stream stream, Action<Utf8JsonWriter> write)
    {
        stream.Write(ToBytes(write));
        stream.WriteByte((byte)'\n');
    }

    static byte[] ToBytes(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, s_format))
            write(writer);
        return stream.ToArray();
    }
}

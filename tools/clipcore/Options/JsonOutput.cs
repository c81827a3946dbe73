using System.CommandLine;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClipCore.Cli.Results;
using ClipCore.Decomposition;
using ClipCore.Files;

namespace ClipCore.Cli.Options;

/// <summary>The option <c>--json FILE</c>: a command's results for programs, in one envelope; <c>-</c> is stdout, which then holds nothing else.</summary>
sealed class JsonOutput
{
    static readonly JsonWriterOptions s_format = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Option<string?> _option = new("--json")
    {
        Description = "Write the results as JSON to this file; - is stdout. Its form: clipcore schema COMMAND.",
        HelpName = "FILE",
    };

    /// <summary>Adds the option to a command.</summary>
    public JsonOutput(Command command) => command.Options.Add(_option);

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Where to write; null where nothing was asked for.</summary>
    public string? Path(ParseResult result) => result.GetValue(_option);

    /// <summary>Where the text for people goes: nowhere when stdout is taken by JSON.</summary>
    public TextWriter Text(ParseResult result) => result.GetValue(_option) == "-" ? TextWriter.Null : result.InvocationConfiguration.Output;

    /// <summary>Writes the results, if they were asked for.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="model">The model; null where none took part.</param>
    /// <param name="data">What was worked on; null where there is no data.</param>
    /// <param name="results">The results.</param>
    /// <param name="type">How the envelope is written.</param>
    public void Write<T>(ParseResult result, ModelIdentity? model, string? data, T results, JsonTypeInfo<Envelope<T>> type)
    {
        if (result.GetValue(_option) is not { } path)
            return;
        if (path.Length == 0)
            throw new UserException("--json is empty: name a file, or - for stdout.");
        byte[] bytes = ToBytes(Wrap(result.CommandResult.Command, model, data, results), type);
        if (path == "-")
        {
            result.InvocationConfiguration.Output.WriteLine(Encoding.UTF8.GetString(bytes));
            return;
        }
        using OutputFile file = new(path);
        file.Stream.Write(bytes);
        file.Stream.WriteByte((byte)'\n');
        file.Commit();
    }

    /// <summary>Results in their envelope.</summary>
    public static Envelope<T> Wrap<T>(Command command, ModelIdentity? model, string? data, T results)
    {
        string name = command.Parents.FirstOrDefault() is Command and not RootCommand and { } parent ? $"{parent.Name} {command.Name}" : command.Name;
        return new Envelope<T>("clipcore", Version, name, model == null ? null : new ModelReference(model.Name, model.Sha256), data, results);
    }

    /// <summary>As the files have it.</summary>
    public static byte[] ToBytes<T>(T value, JsonTypeInfo<T> type)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, s_format))
            JsonSerializer.Serialize(json, value, type);
        return stream.ToArray();
    }
}

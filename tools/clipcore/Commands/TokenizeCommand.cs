using System.CommandLine;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Cli.Report;
using ClipCore.Text;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore tokenize</c>: token ids of texts, as a JSON array of arrays on stdout.</summary>
static class TokenizeCommand
{
    const int ClipContext = 77, LargestContext = 1 << 20;

    public static Command Create()
    {
        Command command = new("tokenize", "Prints the token ids of texts as a JSON array of arrays, start and end token included, not padded.");
        Argument<string[]> texts = new("text") { Description = "The texts.", Arity = ArgumentArity.ZeroOrMore, HelpName = "TEXT" };
        Option<string?> input = new("--json") { Description = "Read the texts from this file, a JSON array of strings; - is stdin.", HelpName = "FILE" };
        Option<string?> model = new("--model") { Description = "A folder with a checkpoint and its vocabulary; without it the built-in model's.", HelpName = "DIR" };
        Option<string?> tokenizer = new("--tokenizer") { Description = "A file or folder with a vocabulary.", HelpName = "PATH" };
        Option<int?> context = new("--context") { Description = "Longest row of ids; longer texts are cut, keeping the end token (default: the model's, or 77).", HelpName = "N" };
        command.Arguments.Add(texts);
        foreach (Option option in (Option[])[input, model, tokenizer, context])
            command.Options.Add(option);
        command.SetAction(result =>
        {
            string[] given = result.GetValue(texts) ?? [];
            if (result.GetValue(input) is { } path)
                given = [.. given, .. ReadTexts(path)];
            else if (given.Length == 0)
                throw new UserException("no text was given: write one, or name a file with --json FILE.");
            (ClipTokenizer vocabulary, int length) = Open(result.GetValue(model), result.GetValue(tokenizer));
            length = result.GetValue(context) ?? length;
            if (length is < 2 or > LargestContext)
                throw new UserException($"--context {length} must lie in 2 … {LargestContext}: there must be room for the start and the end token.");
            result.InvocationConfiguration.Output.WriteLine(Format(given, vocabulary, length));
        });
        return command;
    }

    static (ClipTokenizer Tokenizer, int Context) Open(string? model, string? tokenizer)
    {
        if (tokenizer != null)
            return (ClipTokenizer.Load(tokenizer), ClipContext);
        if (model != null)
        {
            using Checkpoints.Checkpoint checkpoint = Checkpoints.Checkpoint.Open(model);
            string folder = Directory.Exists(model) ? model : Path.GetDirectoryName(Path.GetFullPath(model))!;
            return (ClipTokenizer.Load(folder), checkpoint.Config.Text?.ContextLength ?? ClipContext);
        }
        using Checkpoints.Checkpoint demo = DemoModel.OpenCheckpoint();
        return (DemoModel.LoadTokenizer(), demo.Config.Text!.ContextLength);
    }

    static string[] ReadTexts(string path)
    {
        try
        {
            using Stream stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            return [.. document.RootElement.EnumerateArray().Select(item => item.GetString() ?? throw new InvalidOperationException("null is no text"))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new UserException($"{path} is no JSON array of strings: {exception.Message}");
        }
    }

    static string Format(string[] texts, ClipTokenizer tokenizer, int context)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            foreach (string text in texts)
            {
                json.WriteStartArray();
                foreach (int id in tokenizer.Encode(text, context))
                    json.WriteNumberValue(id);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}

using System.CommandLine;
using System.Text.Json;
using ClipCore.Checkpoints;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.Text;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore tokenize</c>: token ids of texts, as a JSON array of arrays on stdout.</summary>
static class TokenizeCommand
{
    const int ClipContext = 77, LargestContext = 1 << 20;

    public static Command Create()
    {
        Command command = new("tokenize", "Print the token ids of texts as a JSON array of arrays, start and end token included, not padded.");
        Argument<string[]> texts = new("text") { Description = "The texts.", Arity = ArgumentArity.ZeroOrMore, HelpName = "TEXT" };
        Option<string?> input = new("--texts")
        {
            Description = "A file of texts: one a line, or .json with an array of strings; - is a JSON array on stdin.",
            HelpName = "FILE",
        };
        Option<string?> model = new("--model")
        {
            Description = "A folder with a checkpoint and its vocabulary; without it the built-in model's.",
            HelpName = "DIR",
        };
        Option<string?> tokenizer = new("--tokenizer") { Description = "A file or folder with a vocabulary.", HelpName = "PATH" };
        Option<int?> context = new("--context")
        {
            Description = "Longest row of ids; longer texts are cut, keeping the end token (default: the model's, or 77).",
            HelpName = "N",
        };
        command.Arguments.Add(texts);
        foreach (Option option in (Option[])[input, model, tokenizer, context])
            command.Options.Add(option);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            string[] given = result.GetValue(texts) ?? [];
            string? file = result.GetValue(input);
            // Scripts of old give their texts with --json; nothing else is there to write then.
            bool isOld = given.Length == 0 && file == null && json.Path(result) is { } old && (old == "-" || File.Exists(old));
            if (isOld)
                file = json.Path(result);
            if (file is { } path)
                given = [.. given, .. isOld ? ReadJson(path) : ReadTexts(Given.Path("--texts", path))];
            else if (given.Length == 0)
                throw new UserException("no text was given: write one, or name a file with --texts FILE.");
            (ClipTokenizer vocabulary, int length) = Open(result.GetValue(model), result.GetValue(tokenizer));
            length = Given.Within("--context", result.GetValue(context) ?? length, 2, LargestContext);
            int[][] ids = new int[given.Length][];
            for (int i = 0; i < ids.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                ids[i] = vocabulary.Encode(given[i], length);
            }
            (isOld ? result.InvocationConfiguration.Output : json.Text(result))
                .WriteLine($"[{string.Join(',', ids.Select(row => $"[{string.Join(',', row)}]"))}]");
            if (!isOld)
                json.Write(result, null, null, new TokenizeResults(length, given, ids), ResultsContext.Default.EnvelopeTokenizeResults);
        });
        return command;
    }

    static (ClipTokenizer Tokenizer, int Context) Open(string? model, string? tokenizer)
    {
        if (tokenizer != null)
            return (ClipTokenizer.Load(Given.Path("--tokenizer", tokenizer)), ClipContext);
        if (model != null)
        {
            using Checkpoint checkpoint = Checkpoint.Open(Given.Path("--model", model));
            string folder = Directory.Exists(model) ? model : Path.GetDirectoryName(Path.GetFullPath(model))!;
            return (ClipTokenizer.Load(folder), checkpoint.Config.Text?.ContextLength ?? ClipContext);
        }
        using Checkpoint demo = DemoModel.OpenCheckpoint();
        return (DemoModel.LoadTokenizer(), demo.Config.Text!.ContextLength);
    }

    static IReadOnlyList<string> ReadTexts(string path)
    {
        return path != "-" && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? TextLines.Load(path) : ReadJson(path);
    }

    static IReadOnlyList<string> ReadJson(string path)
    {
        bool isStdin = path == "-";
        try
        {
            using Stream stream = isStdin ? Console.OpenStandardInput() : File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            return [.. document.RootElement.EnumerateArray().Select(item => item.GetString() ?? throw new InvalidOperationException("null is no text"))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new UserException($"{(isStdin ? "stdin" : path)} is no JSON array of strings: {exception.Message}");
        }
    }
}

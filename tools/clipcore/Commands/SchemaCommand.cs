using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore schema</c>: the form of a command's JSON.</summary>
static class SchemaCommand
{
    public static Command Create()
    {
        Command command = new("schema", "Print the JSON Schema of what a command writes with --json.");
        Argument<string[]> name = new("command")
        {
            Description = $"One of: {string.Join(", ", Schemas.Commands)}.",
            HelpName = "COMMAND",
            Arity = ArgumentArity.OneOrMore,
        };
        name.CompletionSources.Add([.. Schemas.Commands]);
        command.Arguments.Add(name);
        command.OnRun((result, _) =>
        {
            string asked = string.Join(' ', result.GetValue(name)!);
            JsonNode schema = Schemas.Of(asked) ?? Schemas.Of($"{asked} check")
                ?? throw new UserException($"'{asked}' is no command that writes JSON: name one of {string.Join(", ", Schemas.Commands)}.");
            result.InvocationConfiguration.Output.WriteLine(
                schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true, TypeInfoResolver = ResultsContext.Default }));
        });
        return command;
    }
}

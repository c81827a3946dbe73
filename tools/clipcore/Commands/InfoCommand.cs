using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Files;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore info</c>: what a checkpoint holds, without running it.</summary>
static class InfoCommand
{
    public static Command Create()
    {
        Command command = new("info", "Tells what a model is: architecture, dialect, types, parameters, memory, activation, tokenizer, and anything odd.");
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            using ClipModel loaded = model.Load(result);
            ModelSummary summary = new(loaded, model.Path(result) ?? DemoModel.Name);
            summary.Print(json.Text(result));
            json.Write(result, summary.Write);
        });
        return command;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using ClipCore.Cli;

namespace ClipCore.Tests.Readme;

/// <summary>The reference of all commands as Markdown, made from the commands themselves.</summary>
static class CommandReference
{
    // What is the same in this many commands is described once.
    const int SharedBy = 4;

    /// <summary>What a user types first for each command. <see cref="CommandReferenceTests"/> runs them in this order, in one folder.</summary>
    static readonly (string Command, string[] Lines)[] s_examples =
    [
        ("explain", ["clipcore explain weights/demo/samples --text \"a duck in a forest\" --text \"an owl\" --out explanations"]),
        ("classify",
        [
            "clipcore classify weights/demo/samples/rocket-at-night.jpg --class rocket --class balloon --class whale",
            "clipcore classify --class rocket --class balloon --save-classifier classifier.npy",
        ]),
        ("encode", ["clipcore encode weights/demo/samples --text \"a duck\" --out vectors"]),
        ("decompose", ["clipcore decompose weights/demo/samples/duck-in-forest.png --by head --out effects"]),
        ("run",
        [
            "clipcore run weights/demo/data/waterbirds --out store",
            "clipcore run weights/demo/data/waterbirds --shard 1/2 --out shard1",
            "clipcore run weights/demo/data/waterbirds --shard 2/2 --out shard2",
        ]),
        ("merge", ["clipcore merge shard1 shard2 --out merged"]),
        ("export", ["clipcore export store --out arrays --dataset waterbirds"]),
        ("ablate", ["clipcore ablate store --components L4.H3 --plot ablation.svg", "clipcore ablate --arrays arrays"]),
        ("textspan", ["clipcore textspan store --count 5 --rank 32 --accuracy-at 1,5 --random-draws 1"]),
        ("spurious", ["clipcore spurious store --heads L4.H3 --plot spurious.svg", "clipcore spurious store --contrast 1"]),
        ("heads", ["clipcore heads store --count 5 --rank 32 --json atlas.json"]),
        ("retrieve", ["clipcore retrieve store --text \"a bird\" --image 0 --heads L5.* --heads L4.H3 --page found.html"]),
        ("segment", ["clipcore segment weights/demo/samples/duck-in-forest.png --text \"a duck\" --text \"a forest\" --out masks"]),
        ("reproduce", ["clipcore reproduce --waterbirds store --out reproduced"]),
        ("pool check", ["clipcore pool check weights/pools/general.tsv"]),
        ("info", ["clipcore info --model weights/demo"]),
        ("tokenize", ["clipcore tokenize \"a duck in a forest\" \"two dogs\""]),
        ("preprocess", ["clipcore preprocess weights/demo/samples/duck-in-forest.png --size 224 --out pixels.npy"]),
        ("verify", ["clipcore verify --quick"]),
        ("bench", ["clipcore bench --seconds 0.1"]),
        ("schema", ["clipcore schema explain"]),
        ("completion", ["clipcore completion bash"]),
    ];

    /// <summary>All examples, in an order in which each finds what it needs.</summary>
    public static IEnumerable<string> Examples => s_examples.SelectMany(example => example.Lines);

    /// <summary>Writes the reference.</summary>
    public static string Render()
    {
        Command[] commands = [.. CommandLine.CreateRoot().Subcommands.SelectMany(command => command.Subcommands.Count > 0 ? command.Subcommands : [command])];
        // Where two commands mean different things by one name, each says its own.
        HashSet<string> shared =
        [
            .. commands.SelectMany(Options).GroupBy(option => option.Name)
                .Where(group => group.Select(Describe).Distinct().Count() == 1 && group.Count() >= SharedBy)
                .Select(group => Describe(group.First())),
        ];
        StringBuilder text = new();
        text.Append("## Commands\n\n").AppendJoin(" ·\n", commands.Select(command => $"[{Name(command)}](#{Anchor(command)})"));
        text.Append("\n\n## Options that several commands take\n\n");
        foreach (string line in commands.SelectMany(Options).Select(Describe).Distinct().Where(shared.Contains))
            text.Append(line).Append('\n');
        foreach (Command command in commands)
            Append(text, command, shared);
        return text.ToString();
    }

    static void Append(StringBuilder text, Command command, HashSet<string> shared)
    {
        text.Append($"\n## {Name(command)}\n\n{Plain(command.Description)}\n\n```text\nclipcore {Usage(command)}\n```\n\n");
        foreach (Argument argument in command.Arguments.Where(argument => !argument.Hidden))
            text.Append($"- `{argument.HelpName}`: {Plain(argument.Description)}\n");
        Option[] options = [.. Options(command)];
        foreach (Option option in options.Where(option => !shared.Contains(Describe(option))))
            text.Append(Describe(option)).Append('\n');
        string[] others = [.. options.Where(option => shared.Contains(Describe(option))).Select(option => $"`{option.Name}`")];
        if (others.Length > 0)
            text.Append($"- and as above: {string.Join(", ", others)}\n");
        bool skips = options.Any(option => option.Name == "--strict"), checks = command.Name == "verify";
        text.Append($"\nExit codes: 0{(checks ? ", 1 where bits or numbers differ" : "")}, 2{(skips ? ", 3 where inputs were skipped" : "")}.\n\n```sh\n");
        foreach (string line in s_examples.Single(example => example.Command == Name(command)).Lines)
            text.Append(line).Append('\n');
        text.Append("```\n");
    }

    /// <summary>The options that help shows, without help itself.</summary>
    static IEnumerable<Option> Options(Command command) => command.Options.Where(option => !option.Hidden && option is not HelpOption and not VersionOption);

    static string Name(Command command) => string.Join(
        ' ', command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Select(parent => parent.Name).Append(command.Name));

    static string Anchor(Command command) => Name(command).Replace(' ', '-');

    static string Usage(Command command) => string.Join(' ', (string[])
    [
        Name(command),
        .. command.Arguments.Where(argument => !argument.Hidden).Select(Usage),
        .. Options(command).Where(option => option.Required).Select(option => $"{option.Name} {option.HelpName}"),
        .. Options(command).Any(option => !option.Required) ? (string[])["[options]"] : [],
    ]);

    static string Usage(Argument argument)
    {
        string name = argument.HelpName + (argument.Arity.MaximumNumberOfValues > 1 ? " …" : "");
        return argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $"[{name}]" : name;
    }

    /// <summary>Without what Markdown would read as marks of its own.</summary>
    static string Plain(string? text) => text!.Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);

    static string Describe(Option option) =>
        $"- `{option.Name}{(option.HelpName is { Length: > 0 } value ? $" {value}" : "")}`: {Plain(option.Description)}{(option.Required ? " Required." : "")}";
}

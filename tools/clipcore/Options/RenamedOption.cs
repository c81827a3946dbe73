using System.CommandLine;

namespace ClipCore.Cli.Options;

/// <summary>An option that had another name once: the old name still works, but help does not show it.</summary>
sealed class RenamedOption<T> where T : class
{
    readonly Option<T?> _option;
    readonly Option<T?>[] _old;

    /// <summary>Adds the option to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="option">The option under its name of today.</param>
    /// <param name="oldNames">Its names of yesterday.</param>
    public RenamedOption(Command command, Option<T?> option, params string[] oldNames)
    {
        _option = option;
        _old = [.. oldNames.Select(name => new Option<T?>(name) { Hidden = true, Arity = option.Arity, HelpName = option.HelpName })];
        command.Options.Add(option);
        foreach (Option<T?> old in _old)
            command.Options.Add(old);
    }

    /// <summary>The option's name.</summary>
    public string Name => _option.Name;

    /// <summary>What the user gave; null without.</summary>
    public T? Read(ParseResult result)
    {
        T? value = result.GetValue(_option);
        foreach (Option<T?> old in _old)
            if (result.GetValue(old) is { } other)
                value = value == null ? other : throw new UserException($"{_option.Name} and {old.Name} were both given: they are the same, take one.");
        return value;
    }
}

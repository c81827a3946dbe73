using System.CommandLine;
using System.Globalization;
using ClipCore.DataSets;

namespace ClipCore.Cli.Options;

/// <summary>How masks are read where their files alone do not say.</summary>
sealed class MaskArguments
{
    readonly Option<string[]> _colors = new("--mask-colors")
    {
        Description = "Colour masks: a colour that is foreground, as R,G,B or #rrggbb; give the option once for each.",
        HelpName = "COLOR",
    };

    readonly Option<string?> _ignore = new("--ignore-value")
    {
        Description = "The palette index or grey value of pixels that are left out, or none.",
        HelpName = "N|none",
    };

    /// <summary>Adds the options to a command.</summary>
    public MaskArguments(Command command)
    {
        command.Options.Add(_colors);
        command.Options.Add(_ignore);
    }

    /// <summary>What the user said.</summary>
    public MaskOptions Read(ParseResult result)
    {
        string[] colors = result.GetValue(_colors) ?? [];
        string? ignore = result.GetValue(_ignore);
        int? value = null;
        if (ignore is not (null or "none"))
            value = int.TryParse(ignore, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= ushort.MaxValue ? number
                : throw new UserException($"--ignore-value {ignore} is no value of a pixel: give a whole number, or none.");
        return new MaskOptions
        {
            ForegroundColors = colors.Length == 0 ? null : [.. colors.Select(Color)],
            IgnoreValue = value,
            NothingIgnored = ignore == "none",
        };
    }

    static MaskColor Color(string text)
    {
        string[] parts = text.Split(',');
        if (parts.Length == 3 && parts.All(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return new MaskColor(byte.Parse(parts[0], CultureInfo.InvariantCulture), byte.Parse(parts[1], CultureInfo.InvariantCulture),
                byte.Parse(parts[2], CultureInfo.InvariantCulture));
        return MaskColor.Parse(text);
    }
}

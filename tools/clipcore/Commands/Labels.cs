using System.CommandLine;
using System.Globalization;
using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Cli.Commands;

/// <summary>Component labels from the command line.</summary>
static class Labels
{
    /// <summary>Reads patterns, with the option's name in the error.</summary>
    public static ComponentLabel[] Read(string option, string patterns, EffectSet set)
    {
        try
        {
            return ComponentLabel.Match(patterns, set.LayerCount, set.HeadCount);
        }
        catch (FormatException exception)
        {
            throw new UserException($"{option}: {exception.Message}");
        }
    }
}

using System.CommandLine;
using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Cli.Options;

/// <summary>Options that name components.</summary>
static class ComponentArguments
{
    /// <summary>Reads patterns such as <c>L4.H3,L5.*</c>, with the option's name in the error.</summary>
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

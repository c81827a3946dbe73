using System.Globalization;

namespace ClipCore.Decomposition;

/// <summary>The name of a component: <c>Embed</c>, <c>L10.H3</c> or <c>L10.MLP</c>. Layers and heads count from 0.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Layer">Its layer; 0 for the embedding.</param>
/// <param name="Head">Its head; 0 for others than heads.</param>
public readonly record struct ComponentLabel(ComponentKind Kind, int Layer, int Head)
{
    /// <summary>The embedding.</summary>
    public static ComponentLabel Embed => new(ComponentKind.Embed, 0, 0);

    /// <summary>A head.</summary>
    public static ComponentLabel OfHead(int layer, int head) => new(ComponentKind.Head, layer, head);

    /// <summary>The MLP of a layer.</summary>
    public static ComponentLabel OfMlp(int layer) => new(ComponentKind.Mlp, layer, 0);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ComponentKind.Embed => "Embed",
        ComponentKind.Mlp => string.Create(CultureInfo.InvariantCulture, $"L{Layer}.MLP"),
        _ => string.Create(CultureInfo.InvariantCulture, $"L{Layer}.H{Head}"),
    };

    /// <summary>All components of a model, the embedding first, then layer by layer the heads and the MLP.</summary>
    public static IEnumerable<ComponentLabel> All(int layers, int heads)
    {
        yield return Embed;
        for (int layer = 0; layer < layers; layer++)
        {
            for (int head = 0; head < heads; head++)
                yield return OfHead(layer, head);
            yield return OfMlp(layer);
        }
    }

    /// <summary>
    /// The components that patterns name: labels, or labels with <c>*</c> for any layer, head or part, such as <c>L10.*</c> and <c>*.MLP</c>.
    /// </summary>
    /// <param name="patterns">Patterns apart from each other by commas or spaces.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="heads">Heads of a layer.</param>
    /// <exception cref="FormatException">A pattern names nothing in this model.</exception>
    public static ComponentLabel[] Match(string patterns, int layers, int heads)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        List<ComponentLabel> found = [];
        foreach (string pattern in patterns.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            ComponentLabel[] matches = [.. All(layers, heads).Where(label => Matches(label.ToString(), pattern))];
            if (matches.Length == 0)
                throw new FormatException(
                    $"'{pattern}' names no component of this model, which has L0 … L{layers - 1} with H0 … H{heads - 1} and MLP, and Embed; "
                    + $"write L{layers - 1}.H0, L{layers - 1}.*, *.MLP or the like.");
            found.AddRange(matches.Where(label => !found.Contains(label)));
        }
        return found.Count > 0 ? [.. found] : throw new FormatException("No component was named; write L0.H1, L2.*, *.MLP or the like.");
    }

    static bool Matches(string label, string pattern)
    {
        string[] theirs = label.Split('.'), ours = pattern.Split('.');
        if (pattern == "*")
            return true;
        if (theirs.Length != ours.Length)
            return false;
        for (int i = 0; i < ours.Length; i++)
            if (!MatchesPart(theirs[i], ours[i]))
                return false;
        return true;
    }

    static bool MatchesPart(string part, string pattern) => pattern == "*"
        || part.Equals(pattern, StringComparison.OrdinalIgnoreCase)
        || (pattern.EndsWith('*') && part.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase));
}

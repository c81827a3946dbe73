namespace ClipCore.Decomposition;

/// <summary>What kind of part a component is.</summary>
public enum ComponentKind
{
    /// <summary>The class token before the first layer.</summary>
    Embed,

    /// <summary>One attention head.</summary>
    Head,

    /// <summary>The MLP of a layer.</summary>
    Mlp,
}

namespace ClipCore.Decomposition;

/// <summary>What <see cref="ClipModel.Capture"/> keeps of a forward pass: nothing but what is named here. Immutable, safe for many threads.</summary>
/// <remarks>
/// Layers and heads count from 0; any number of layers may be named, in any order. The last layer runs for all tokens only where something of it is asked
/// for that needs them; otherwise, as in plain encoding, for the class token alone.
/// </remarks>
public sealed record CaptureOptions
{
    /// <summary>Layers whose attention patterns (after softmax) are kept.</summary>
    public IReadOnlyList<int> PatternLayers { get; init; } = [];

    /// <summary>Heads whose patterns are kept, of each of <see cref="PatternLayers"/>; null for all.</summary>
    public IReadOnlyList<int>? PatternHeads { get; init; }

    /// <summary>Whether only the class token's row of each pattern is kept: what it takes from every token.</summary>
    public bool ClassTokenPatternsOnly { get; init; }

    /// <summary>Layers of which the residual stream before the attention is kept (<c>resid_pre</c>).</summary>
    public IReadOnlyList<int> ResidualPreLayers { get; init; } = [];

    /// <summary>Layers of which the residual stream between attention and MLP is kept (<c>resid_mid</c>).</summary>
    public IReadOnlyList<int> ResidualMidLayers { get; init; } = [];

    /// <summary>Layers of which the residual stream after the MLP is kept (<c>resid_post</c>).</summary>
    public IReadOnlyList<int> ResidualPostLayers { get; init; } = [];

    /// <summary>Whether of residual streams only the class token's row is kept.</summary>
    public bool ClassTokenResidualsOnly { get; init; }

    /// <summary>Whether the patches' tokens after the last layer are kept, through the last LayerNorm and the projection to the shared space.</summary>
    public bool PatchTokens { get; init; }
}

namespace ClipCore.Checkpoints;

/// <summary>
/// Names of a tower's weights, verbatim as the files have them. <c>Prefixes</c> are what the names of this tower, and no others,
/// begin with; <c>Layers</c> stands before a block's number; <c>Embedding</c> is of the class token or of the vocabulary;
/// <c>Projection</c> is the name of a plain matrix, or what stands before <c>.weight</c> of a linear layer. Text has no
/// <c>Patches</c> and no <c>PreNorm</c>.
/// </summary>
sealed record TowerNames(string[] Prefixes, string Layers, BlockNames Block, string Embedding, string Position, string FinalNorm, string Projection,
    string Patches = "", string PreNorm = "")
{
    public bool Owns(string name) => Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}

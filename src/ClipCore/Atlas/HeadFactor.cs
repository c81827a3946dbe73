namespace ClipCore.Atlas;

/// <summary>A factor that a head's texts are about.</summary>
/// <param name="Name">The pool's tag of it, such as <c>colour</c>.</param>
/// <param name="Share">The share, between 0 and 1, of what the head's first texts explain that texts of this factor bring.</param>
public readonly record struct HeadFactor(string Name, double Share);

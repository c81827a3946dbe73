namespace ClipCore.Decomposition;

/// <summary>A choice that the compiler knows: which tokens the last layer runs for.</summary>
interface ITokenChoice
{
    /// <summary>Whether it runs for all of them, or for the class token alone.</summary>
    static abstract bool All { get; }
}

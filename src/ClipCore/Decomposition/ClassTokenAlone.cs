namespace ClipCore.Decomposition;

/// <summary>The last layer runs for the class token alone.</summary>
readonly struct ClassTokenAlone : ITokenChoice
{
    public static bool All => false;
}

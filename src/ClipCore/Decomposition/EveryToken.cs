namespace ClipCore.Decomposition;

/// <summary>The last layer runs for every token.</summary>
readonly struct EveryToken : ITokenChoice
{
    public static bool All => true;
}

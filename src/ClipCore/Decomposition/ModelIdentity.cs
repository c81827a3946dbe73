namespace ClipCore.Decomposition;

/// <summary>Which model made something: what stores, atlases and pages keep, so that things of two models are never mixed.</summary>
/// <param name="Name">What it is called in messages and results.</param>
/// <param name="Sha256">SHA-256 of its weights, in hexadecimal.</param>
public sealed record ModelIdentity(string Name, string Sha256)
{
    const int Shown = 16;

    /// <summary>Refuses what another model made; weights tell models apart, names do not.</summary>
    /// <param name="other">The model that made it.</param>
    /// <param name="what">What it made, for the message: a store's folder, a page's file.</param>
    /// <exception cref="InvalidDataException">Another model made it.</exception>
    public void Require(ModelIdentity other, string what)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!IsSame(other))
            throw new InvalidDataException(
                $"{what} was made by the model {other.Name} (SHA-256 {Short(other.Sha256)}), but this is {Name} (SHA-256 {Short(Sha256)}): "
                + "load that model, or make it anew.");
    }

    /// <summary>Whether two models are the same by their weights.</summary>
    internal bool IsSame(ModelIdentity other) => string.Equals(Sha256, other.Sha256, StringComparison.OrdinalIgnoreCase);

    static string Short(string hash) => hash.Length > Shown ? $"{hash[..Shown]}\u2026" : hash;
}

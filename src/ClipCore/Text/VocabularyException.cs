namespace ClipCore.Text;

/// <summary>A vocabulary or its file can't be used: the message names the file, what is wrong and what to do.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class VocabularyException : IOException
{
    internal VocabularyException(string name, string fault, Exception? cause = null) : base($"{name}: {fault}", cause) { }
}

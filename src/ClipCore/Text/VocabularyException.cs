using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ClipCore.Text;

/// <summary>A vocabulary or its file can't be used: the message names the file, what is wrong and what to do.</summary>
public sealed class VocabularyException : IOException
{
    internal VocabularyException(string name, string fault, Exception? cause = null) : base($"{name}: {fault}", cause) { }
}

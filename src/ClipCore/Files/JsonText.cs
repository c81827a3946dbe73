using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ClipCore.Files;

/// <summary>
/// JSON as files hold it: a byte-order mark is passed over, and what parses here can be read as text without a further fault (the framework
/// reports bytes that are no UTF-8 and halves of surrogate pairs only when the text is asked for).
/// </summary>
static class JsonText
{
    /// <summary>Parses a whole file; no key may stand twice in an object.</summary>
    /// <param name="json">The bytes of the file.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="fault">What is wrong, as the end of a sentence that begins with the file's name; empty when nothing is.</param>
    /// <param name="maxDepth">Most levels of lists and objects.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, out JsonElement value, out string fault, int maxDepth = 64)
    {
        value = default;
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        fault = json.StartsWith(Encoding.Unicode.Preamble) || json.StartsWith(Encoding.BigEndianUnicode.Preamble) ? "is UTF-16; save it as UTF-8."
            : !Utf8.IsValid(json) ? "is not valid JSON: it is not UTF-8."
            : "";
        if (fault.Length > 0)
            return false;
        try
        {
            value = JsonElement.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
            fault = FindHalfPair(json, maxDepth);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            // Comparing keys asks for their text, which half of a surrogate pair has not.
            fault = $"is not valid JSON: {cause.Message}";
        }
        return fault.Length == 0;
    }

    /// <summary>Parses a whole file, as <see cref="TryParse"/> does.</summary>
    /// <param name="json">The bytes of the file.</param>
    /// <exception cref="JsonException">Something is wrong.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json) =>
        TryParse(json, out JsonElement value, out string fault) ? value : throw new JsonException(fault);

    static string FindHalfPair(ReadOnlySpan<byte> json, int maxDepth)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped)
                continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                string text = Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 64)]);
                return $"is not valid JSON: the text \"{text}\" has half of a surrogate pair.";
            }
        }
        return "";
    }
}

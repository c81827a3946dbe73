using System.Text;

namespace ClipCore.DataSets;

/// <summary>The text of a list.</summary>
static class ListText
{
    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes as text, without a byte-order mark.</summary>
    /// <exception cref="DataSetException">They are no UTF-8.</exception>
    public static string Decode(string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            string text = s_utf8.GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException exception)
        {
            throw new DataSetException($"{name} is not UTF-8 text: save it as UTF-8.", exception);
        }
    }
}

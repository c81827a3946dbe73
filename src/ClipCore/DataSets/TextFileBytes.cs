using System.Text;

namespace ClipCore.DataSets;

/// <summary>Text from the bytes of a file, whatever mark it begins with.</summary>
static class TextFileBytes
{
    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes as text, without a byte-order mark.</summary>
    /// <param name="name">Where the bytes came from, for messages.</param>
    /// <param name="bytes">UTF-8.</param>
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

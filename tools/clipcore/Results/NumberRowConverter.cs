using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClipCore.Cli.Results;

/// <summary>Arrays of numbers on one line, also in an indented file: a number a line would be as long as a book.</summary>
abstract class NumberRowConverter<T> : JsonConverter<T[]>
{
    static readonly JsonWriterOptions s_oneLine = new() { Indented = false };

    public override T[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        List<T> values = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            values.Add(ReadNumber(ref reader));
        return [.. values];
    }

    public override void Write(Utf8JsonWriter writer, T[] value, JsonSerializerOptions options)
    {
        ArrayBufferWriter<byte> line = new();
        using (Utf8JsonWriter row = new(line, s_oneLine))
        {
            row.WriteStartArray();
            foreach (T number in value)
                WriteNumber(row, number);
            row.WriteEndArray();
        }
        writer.WriteRawValue(line.WrittenSpan, skipInputValidation: true);
    }

    /// <summary>Reads one.</summary>
    protected abstract T ReadNumber(ref Utf8JsonReader reader);

    /// <summary>Writes one, in its shortest exact form.</summary>
    protected abstract void WriteNumber(Utf8JsonWriter writer, T value);
}

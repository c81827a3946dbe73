using System.Buffers;
using System.Text.Json;
using ClipCore.Explanation;

namespace ClipCore.Reports;

/// <summary>Arrays of numbers and texts in JSON.</summary>
static class JsonArrays
{
    extension(Utf8JsonWriter json)
    {
        /// <summary>An array of floats, in their shortest exact form.</summary>
        public void WriteNumbers(string name, ReadOnlySpan<float> values)
        {
            json.WritePropertyName(name);
            json.WriteNumbers(values);
        }

        /// <summary>An array of floats, in their shortest exact form.</summary>
        public void WriteNumbers(ReadOnlySpan<float> values)
        {
            // On one line, also in an indented file: a number a line would be as long as a book.
            ArrayBufferWriter<byte> line = new();
            using (Utf8JsonWriter row = new(line))
            {
                row.WriteStartArray();
                foreach (float value in values)
                    row.WriteNumberValue(value);
                row.WriteEndArray();
            }
            json.WriteRawValue(line.WrittenSpan, skipInputValidation: true);
        }

        /// <summary>What an explanation's embedding and layers add to the texts: <c>embed</c>, <c>attention</c>, <c>mlps</c>.</summary>
        public void WriteLayers(ImageExplanation explanation)
        {
            json.WriteNumbers("embed", explanation.Embed);
            json.WriteStartArray("attention");
            for (int layer = 0; layer < explanation.LayerCount; layer++)
                json.WriteNumbers(explanation.Attention(layer));
            json.WriteEndArray();
            json.WriteStartArray("mlps");
            for (int layer = 0; layer < explanation.LayerCount; layer++)
                json.WriteNumbers(explanation.Mlp(layer));
            json.WriteEndArray();
        }
    }
}

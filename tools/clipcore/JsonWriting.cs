using System.Buffers;
using System.Text.Json;

namespace ClipCore.Cli;

/// <summary>Arrays of numbers and strings in JSON.</summary>
static class JsonWriting
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

        /// <summary>An array of whole numbers.</summary>
        public void WriteNumbers(string name, ReadOnlySpan<int> values)
        {
            json.WriteStartArray(name);
            foreach (int value in values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }

        /// <summary>An array of rows.</summary>
        /// <param name="name">Key.</param>
        /// <param name="values">[rows × columns]</param>
        /// <param name="columns">Length of a row.</param>
        public void WriteRows(string name, ReadOnlySpan<float> values, int columns)
        {
            json.WriteStartArray(name);
            for (int start = 0; start < values.Length; start += columns)
                json.WriteNumbers(values.Slice(start, columns));
            json.WriteEndArray();
        }

        /// <summary>An array of strings.</summary>
        public void WriteStrings(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            foreach (string value in values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }
    }
}

using System.Text.Json;

namespace ClipCore.Cli.Results;

/// <inheritdoc/>
sealed class IntegerRowConverter : NumberRowConverter<int>
{
    protected override int ReadNumber(ref Utf8JsonReader reader) => reader.GetInt32();

    protected override void WriteNumber(Utf8JsonWriter writer, int value) => writer.WriteNumberValue(value);
}

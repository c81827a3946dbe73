using System.Text.Json;

namespace ClipCore.Cli.Results;

/// <inheritdoc/>
sealed class FloatRowConverter : NumberRowConverter<float>
{
    protected override float ReadNumber(ref Utf8JsonReader reader) => reader.GetSingle();

    protected override void WriteNumber(Utf8JsonWriter writer, float value) => writer.WriteNumberValue(value);
}

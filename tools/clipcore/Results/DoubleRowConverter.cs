using System.Text.Json;

namespace ClipCore.Cli.Results;

/// <inheritdoc/>
sealed class DoubleRowConverter : NumberRowConverter<double>
{
    protected override double ReadNumber(ref Utf8JsonReader reader) => reader.GetDouble();

    protected override void WriteNumber(Utf8JsonWriter writer, double value) => writer.WriteNumberValue(value);
}

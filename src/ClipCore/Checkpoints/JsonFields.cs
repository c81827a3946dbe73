using System.Text.Json;
using ClipCore.Files;

namespace ClipCore.Checkpoints;

/// <summary>One object of a configuration file. A field that is missing or null has its default; all others must be of their kind.</summary>
sealed class JsonFields
{
    readonly JsonElement _object;
    readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <param name="source">The file, for messages.</param>
    /// <param name="path">Where in the file the object is; empty at the top.</param>
    /// <param name="value">The object.</param>
    public JsonFields(string source, string path, JsonElement value)
    {
        (Source, Path, _object) = (source, path, value);
        if (value.ValueKind != JsonValueKind.Object)
            throw new ConfigException(source, $"{(path.Length > 0 ? $"'{path}'" : "the file")} must be a JSON object.");
    }

    public string Source { get; }

    public string Path { get; }

    /// <summary>Names that nobody asked for, with the path before them.</summary>
    public IEnumerable<string> Unread => _object.EnumerateObject().Where(entry => !_read.Contains(entry.Name)).Select(entry => FullName(entry.Name));

    /// <summary>Parses a whole file.</summary>
    /// <exception cref="ConfigException">It is not JSON or no object.</exception>
    public static JsonFields Parse(string source, ReadOnlySpan<byte> json)
    {
        return JsonText.TryParse(json, out JsonElement value, out string fault) ? new JsonFields(source, "", value) : throw new ConfigException(source, fault);
    }

    public bool Has(string name) => Find(name) != null;

    public int? Int(string name) => Find(name) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw Wrong(name, "a whole number", value);

    public double? Number(string name) => Find(name) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number
        : throw Wrong(name, "a number", value);

    public bool? Bool(string name) => Find(name) is not JsonElement value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, "true or false", value);

    public string? Text(string name) => Find(name) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(name, "a text", value);

    public JsonFields? Object(string name) => Find(name) is JsonElement value ? new JsonFields(Source, FullName(name), value) : null;

    public bool IsObject(string name) => Find(name) is { ValueKind: JsonValueKind.Object };

    public bool IsList(string name) => Find(name) is { ValueKind: JsonValueKind.Array };

    /// <summary>A side length: one number, or two equal ones.</summary>
    /// <exception cref="UnsupportedModelException">The two differ.</exception>
    public int? Side(string name)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } list)
            return Int(name);
        int[] sides =
        [
            .. list.EnumerateArray().Select(side => side.ValueKind == JsonValueKind.Number && side.TryGetInt32(out int number) ? number
                : throw Wrong(name, "a whole number or two", list)),
        ];
        return sides.Length == 2 && sides[0] == sides[1] ? sides[0]
            : throw new UnsupportedModelException(Source, $"'{FullName(name)}' is {list.GetRawText()}; only squares are supported.");
    }

    /// <summary>Three numbers, or one for all channels.</summary>
    public Images.RgbValues? Rgb(string name)
    {
        if (Find(name) is not JsonElement value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float same))
            return new Images.RgbValues(same, same, same);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 3)
            throw Wrong(name, "a list of three numbers", value);
        float[] channels =
        [
            .. value.EnumerateArray().Select(channel => channel.ValueKind == JsonValueKind.Number && channel.TryGetSingle(out float number) ? number
                : throw Wrong(name, "a list of three numbers", value)),
        ];
        return new Images.RgbValues(channels[0], channels[1], channels[2]);
    }

    /// <summary>Refuses a switch that changes the computation in a way that is not implemented.</summary>
    /// <exception cref="UnsupportedModelException">The field is there with another value than <paramref name="standard"/>.</exception>
    public void MustBe(string name, string standard)
    {
        if (Find(name) is JsonElement value && value.ToString() is string text && !text.Equals(standard, StringComparison.OrdinalIgnoreCase))
            throw new UnsupportedModelException(
                Source, $"'{FullName(name)}' is {value.GetRawText()}, which is not supported{(standard.Length > 0 ? $" (only {standard} is)" : "")}.");
    }

    /// <summary>Marks fields that change nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            _read.Add(name);
    }

    public string FullName(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    JsonElement? Find(string name)
    {
        _read.Add(name);
        return _object.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    ConfigException Wrong(string name, string expected, JsonElement value)
    {
        string text = value.GetRawText();
        return new ConfigException(Source, $"'{FullName(name)}' must be {expected}; it is {(text.Length > 40 ? text[..40] + "…" : text)}.");
    }
}

using System.Text.Json;

namespace ClipCore.Tests.Cli;

/// <summary>
/// Checks JSON against the part of JSON Schema that the program's own schemas use; any other keyword is an error, so that nothing goes unchecked.
/// </summary>
static class SchemaValidator
{
    static readonly HashSet<string> s_known =
        ["$schema", "title", "type", "properties", "required", "items", "additionalProperties", "anyOf", "$ref", "enum", "description"];

    /// <summary>What does not fit, with the path to it.</summary>
    public static IReadOnlyList<string> Faults(JsonElement value, JsonElement schema)
    {
        List<string> faults = [];
        Check(value, schema, schema, "$", faults);
        return faults;
    }

    static void Check(JsonElement value, JsonElement schema, JsonElement root, string path, List<string> faults)
    {
        if (schema.ValueKind == JsonValueKind.True)
            return;
        if (schema.ValueKind == JsonValueKind.False)
        {
            faults.Add($"{path} must not be there");
            return;
        }
        foreach (JsonProperty keyword in schema.EnumerateObject())
            if (!s_known.Contains(keyword.Name))
                faults.Add($"the schema has the keyword {keyword.Name}, which is not checked");
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            Check(value, Resolve(root, reference.GetString()!), root, path, faults);
            return;
        }
        if (schema.TryGetProperty("anyOf", out JsonElement any))
        {
            List<string>[] each = [.. any.EnumerateArray().Select(one =>
            {
                List<string> found = [];
                Check(value, one, root, path, found);
                return found;
            })];
            if (each.All(found => found.Count > 0))
                faults.AddRange(each.OrderBy(found => found.Count).First());
        }
        if (schema.TryGetProperty("type", out JsonElement type))
        {
            string[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(item => item.GetString()!)] : [type.GetString()!];
            if (!types.Any(name => Is(value, name)))
                faults.Add($"{path} is {value.ValueKind}, not {string.Join(" or ", types)}");
        }
        if (value.ValueKind == JsonValueKind.Object)
            CheckObject(value, schema, root, path, faults);
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
                Check(item, items, root, $"{path}[{index++}]", faults);
        }
    }

    static void CheckObject(JsonElement value, JsonElement schema, JsonElement root, string path, List<string> faults)
    {
        bool hasProperties = schema.TryGetProperty("properties", out JsonElement properties);
        if (schema.TryGetProperty("required", out JsonElement required))
            foreach (JsonElement name in required.EnumerateArray())
                if (!value.TryGetProperty(name.GetString()!, out _))
                    faults.Add($"{path} lacks {name.GetString()}");
        foreach (JsonProperty property in value.EnumerateObject())
            if (hasProperties && properties.TryGetProperty(property.Name, out JsonElement own))
                Check(property.Value, own, root, $"{path}.{property.Name}", faults);
            else if (schema.TryGetProperty("additionalProperties", out JsonElement additional))
                Check(property.Value, additional, root, $"{path}.{property.Name}", faults);
    }

    static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => false,
    };

    static JsonElement Resolve(JsonElement root, string reference)
    {
        JsonElement at = root;
        foreach (string part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
            at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(part);
        return at;
    }
}

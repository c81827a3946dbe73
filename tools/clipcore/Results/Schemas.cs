using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace ClipCore.Cli.Results;

/// <summary>The JSON Schema of what each command writes with <c>--json</c>, made from the types themselves.</summary>
static class Schemas
{
    static readonly Dictionary<string, JsonTypeInfo> s_types = new()
    {
        ["explain"] = ResultsContext.Default.EnvelopeExplainResults,
        ["classify"] = ResultsContext.Default.EnvelopeClassifyResults,
        ["encode"] = ResultsContext.Default.EnvelopeEncodeResults,
        ["decompose"] = ResultsContext.Default.EnvelopeDecomposeResults,
        ["retrieve"] = ResultsContext.Default.EnvelopeRetrieveResults,
        ["segment"] = ResultsContext.Default.EnvelopeSegmentResults,
        ["run"] = ResultsContext.Default.EnvelopeRunResults,
        ["merge"] = ResultsContext.Default.EnvelopeMergeResults,
        ["export"] = ResultsContext.Default.EnvelopeExportResults,
        ["ablate"] = ResultsContext.Default.EnvelopeAblateResults,
        ["textspan"] = ResultsContext.Default.EnvelopeTextSpanResults,
        ["spurious"] = ResultsContext.Default.EnvelopeSpuriousResults,
        ["heads"] = ResultsContext.Default.EnvelopeHeadsResults,
        ["reproduce"] = ResultsContext.Default.EnvelopeReproduceResults,
        ["pool check"] = ResultsContext.Default.EnvelopePoolResults,
        ["info"] = ResultsContext.Default.EnvelopeInfoResults,
        ["tokenize"] = ResultsContext.Default.EnvelopeTokenizeResults,
        ["preprocess"] = ResultsContext.Default.EnvelopePreprocessResults,
        ["verify"] = ResultsContext.Default.EnvelopeVerifyResults,
        ["bench"] = ResultsContext.Default.EnvelopeBenchResults,
    };

    /// <summary>The commands that write JSON.</summary>
    public static IReadOnlyCollection<string> Commands => s_types.Keys;

    /// <summary>The schema of a command's JSON; null where it writes none.</summary>
    public static JsonNode? Of(string command)
    {
        if (!s_types.TryGetValue(command, out JsonTypeInfo? type))
            return null;
        JsonSchemaExporterOptions options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        JsonObject schema = (JsonObject)type.GetJsonSchemaAsNode(options);
        // One picture has its explanation as results; several have a list of them.
        if (command == "explain")
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, ResultsContext.Default.EnvelopeExplainManyResults.GetJsonSchemaAsNode(options)) };
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", $"clipcore {command} --json");
        return schema;
    }

    /// <summary>
    /// Rows of numbers have a writer of their own, which hides from the exporter what they are; and objects have no fields but those that are named.
    /// </summary>
    static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        Type type = context.TypeInfo.Type;
        string? kind = type == typeof(float[]) || type == typeof(double[]) ? "number" : type == typeof(int[]) ? "integer" : null;
        if (kind != null)
            return Row(kind, context.PropertyInfo?.IsGetNullable == true);
        if (schema is JsonObject found && found.ContainsKey("properties"))
            found["additionalProperties"] = false;
        return schema;
    }

    static JsonObject Row(string kind, bool isNullable) => new()
    {
        ["type"] = isNullable ? new JsonArray("array", "null") : "array",
        ["items"] = new JsonObject { ["type"] = kind },
    };
}

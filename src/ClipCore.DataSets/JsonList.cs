using System.Text;
using System.Text.Json;

namespace ClipCore.DataSets;

/// <summary>Lists in JSON: one array, or one value a line.</summary>
static class JsonList
{
    const string Wanted = "give an array of paths or of objects with image and, if you like, label, attribute, mask, split, caption; or one of them a line.";

    /// <summary>Reads a list.</summary>
    public static ImageSet Read(string name, string text, string folder, ImageSetOptions options)
    {
        text = NaNToNull(text);
        List<ListRow> rows = text.AsSpan().TrimStart().StartsWith("[") ? Array(name, text) : One(name, text) ?? Lines(name, text);
        return ListRows.ToSet(name, rows, folder, options);
    }

    static List<ListRow> Array(string name, string text) =>
        Parse(name, "", text, root => [.. root.EnumerateArray().Select((item, i) => Row(name, $"entry {i + 1}", item))]);

    static List<ListRow>? One(string name, string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return [Row(name, "entry 1", json.RootElement)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static List<ListRow> Lines(string name, string text)
    {
        List<ListRow> rows = [];
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string place = $"line {i + 1}";
            if (!string.IsNullOrWhiteSpace(lines[i]))
                rows.AddRange(Parse(name, $", {place}", lines[i], root => [Row(name, place, root)]));
        }
        return rows;
    }

    static List<ListRow> Parse(string name, string place, string text, Func<JsonElement, List<ListRow>> read)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return read(json.RootElement);
        }
        catch (JsonException exception)
        {
            string where = place.Length > 0 ? place : $", line {exception.LineNumber + 1}";
            throw new DataSetException($"{name}{where} is no JSON: {Wanted}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new DataSetException($"{name}{place} holds text that is no Unicode: {Wanted}", exception);
        }
    }

    static ListRow Row(string name, string place, JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.String)
            return new ListRow(place, item.GetString()!.Trim(), "", "", "", "", "");
        if (item.ValueKind != JsonValueKind.Object)
            throw new DataSetException($"{name}, {place} is neither a path nor an object: {Wanted}");
        string image = Text(ListColumns.Image);
        return image.Length > 0
            ? new ListRow(place, image, Text(ListColumns.Label), Text(ListColumns.Attribute), Text(ListColumns.Mask),
                Text(ListColumns.Split), Text(ListColumns.Caption))
            : throw new DataSetException($"{name}, {place} has no image: {Wanted}");

        string Text(string[] columns)
        {
            JsonProperty[] members = [.. item.EnumerateObject()];
            int at = ListColumns.Find([.. members.Select(member => member.Name)], columns);
            if (at < 0)
                return "";
            JsonElement value = members[at].Value;
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!.Trim(),
                JsonValueKind.Null => "",
                JsonValueKind.Number => value.GetRawText(),
                _ => throw new DataSetException($"{name}, {place}: {members[at].Name} must be a text or a number."),
            };
        }
    }

    /// <summary>Python writes what is missing as NaN, which is no JSON.</summary>
    static string NaNToNull(string text)
    {
        const string NaN = "NaN";
        if (!text.Contains(NaN, StringComparison.Ordinal))
            return text;
        StringBuilder result = new(text.Length);
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (!isQuoted && text.AsSpan(i).StartsWith(NaN))
            {
                result.Append("null");
                i += NaN.Length - 1;
                continue;
            }
            result.Append(text[i]);
            if (text[i] == '"')
                isQuoted = !isQuoted;
            else if (isQuoted && text[i] == '\\' && i + 1 < text.Length)
                result.Append(text[++i]);
        }
        return result.ToString();
    }
}

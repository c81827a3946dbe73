using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClipCore.DataSets;

public sealed partial record ClassList
{
    /// <summary>Reads a list of classes.</summary>
    /// <remarks>
    /// A file that ends in <c>.json</c> is an array of names, or an object with <c>classes</c> (names, or objects with <c>name</c>, and if you like
    /// <c>prompt</c> and <c>id</c>) and, if you like, <c>templates</c>. Any other is text with one class a line: a name; or <c>id&lt;TAB&gt;name</c>; or, as in
    /// ImageNet's <c>LOC_synset_mapping.txt</c>, a WordNet id, a space, and names with commas between them, of which the first counts.
    /// A byte-order mark is passed over, blank lines are too.
    /// </remarks>
    /// <exception cref="DataSetException">It is none of them.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static ClassList Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(path, File.ReadAllBytes(path));
    }

    /// <inheritdoc cref="Load"/>
    /// <param name="name">What the file is called, for messages; its end says whether it is JSON.</param>
    /// <param name="bytes">The file's bytes.</param>
    public static ClassList Parse(string name, ReadOnlySpan<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ClassList list = name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? ParseJson(name, TextLines.Decode(name, bytes)) : ParseLines(name, TextLines.Parse(name, bytes));
        if (list.Ids != null && list.Ids.GroupBy(id => id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DataSetException($"{name}: the id '{twice.Key}' stands there {twice.Count()} times; each class has its own.");
        return list;
    }

    static ClassList ParseLines(string name, IReadOnlyList<string> lines)
    {
        bool hasTabs = lines.Any(line => line.Contains('\t', StringComparison.Ordinal));
        bool isMapping = !hasTabs && lines.All(line => SynsetLine().IsMatch(line));
        if (!hasTabs && !isMapping)
            return lines.All(IsWordNetId)
                ? throw new DataSetException($"{name} holds WordNet ids without names, which say nothing to a model: give lines of id, tab and name.")
                : new ClassList(lines);
        string[] ids = new string[lines.Count], names = new string[lines.Count];
        for (int i = 0; i < lines.Count; i++)
        {
            int end = lines[i].IndexOf(hasTabs ? '\t' : ' ', StringComparison.Ordinal);
            if (end < 0)
                throw new DataSetException($"{name}, entry {i + 1}: '{lines[i]}' has no tab, but other lines have one: give id, tab and name in each.");
            string rest = lines[i][(end + 1)..].Trim();
            (ids[i], names[i]) = (lines[i][..end].Trim(), hasTabs ? rest : rest.Split(',')[0].Trim());
            if (ids[i].Length == 0 || names[i].Length == 0 || names[i].Contains('\t', StringComparison.Ordinal))
                throw new DataSetException($"{name}, entry {i + 1}: '{lines[i]}' is not an id and a name with one tab between them.");
        }
        return new ClassList(names) { Ids = ids };
    }

    static ClassList ParseJson(string name, string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            JsonElement[] classes = [.. (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("classes")).EnumerateArray()];
            if (classes.Length == 0)
                throw new DataSetException($"{name} names no class: give at least one.");
            string[] names = [.. classes.Select((item, i) => Field(name, item, i, "name")!)];
            string?[] ids = [.. classes.Select((item, i) => item.ValueKind == JsonValueKind.Object ? Field(name, item, i, "id", isNeeded: false) : null)];
            string[] prompts =
                [.. classes.Select((item, i) => (item.ValueKind == JsonValueKind.Object ? Field(name, item, i, "prompt", isNeeded: false) : null) ?? names[i])];
            if (ids.Any(id => id != null) && Array.IndexOf(ids, null) is >= 0 and int without)
                throw new DataSetException($"{name}, class {without + 1} ('{names[without]}') has no id, but others have one: give all or none.");
            return new ClassList(names)
            {
                Prompts = prompts,
                Ids = ids[0] == null ? null : [.. ids.Select(id => id!)],
                Templates = root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("templates", out JsonElement given)
                    || given.ValueKind == JsonValueKind.Null ? null : CheckTemplates(name, [.. given.EnumerateArray().Select(item => item.GetString() ?? "")]),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new DataSetException(
                $"{name} is no list of classes: give a JSON array of names, or an object with \"classes\" and, if you like, \"templates\".", exception);
        }
    }

    static string? Field(string name, JsonElement item, int index, string field, bool isNeeded = true)
    {
        JsonElement value = item.ValueKind != JsonValueKind.Object ? item : item.TryGetProperty(field, out JsonElement found) ? found : default;
        if (value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
            return value.GetString()!.Trim();
        return !isNeeded && value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null
            : throw new DataSetException($"{name}, class {index + 1}: its {field} must be a text that is not blank.");
    }

    /// <summary>Whether a name is a WordNet id as ImageNet writes it, such as <c>n01440764</c>.</summary>
    static bool IsWordNetId(string name) => WordNetId().IsMatch(name);

    [GeneratedRegex(@"^n\d{8}\s+\S")]
    private static partial Regex SynsetLine();

    [GeneratedRegex(@"^n\d{8}$")]
    private static partial Regex WordNetId();
}

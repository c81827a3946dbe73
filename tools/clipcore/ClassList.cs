using System.Text;
using System.Text.Json;

namespace ClipCore.Cli;

/// <summary>Names of classes, and the templates that make texts of them.</summary>
/// <param name="Names">What results call the classes.</param>
/// <param name="Prompts">What stands for <c>{}</c> in a template.</param>
/// <param name="Templates">The list's own templates; null without any.</param>
sealed record ClassList(string[] Names, string[] Prompts, string[]? Templates)
{
    /// <summary>Templates for photographs, for lists that bring none.</summary>
    public static string[] DefaultTemplates { get; } =
    [
        "a photo of a {}.",
        "a photo of the {}.",
        "a photo showing a {} up close.",
        "a photo of a {} seen from far away.",
        "a bright photo of a {}.",
        "a dark photo of a {}.",
        "a blurred photo of a {}.",
        "a sharp photo of one {}.",
        "a photo with many {}.",
        "a photo of part of a {}.",
        "a photo of a small {}.",
        "a photo of a big {}.",
        "a snapshot of a {} at home.",
        "a {} outdoors.",
        "a black-and-white picture of a {}.",
        "a drawing of a {}.",
        "a painting of a {}.",
        "a toy {}.",
        "a rendered image of a {}.",
        "an old picture of a {}.",
    ];

    const string FileName = "classes.json";

    /// <summary>The classes that come with a model.</summary>
    /// <param name="model">The folder or file that the user named; null for the built-in model.</param>
    /// <returns>Null where the model brings none.</returns>
    public static ClassList? Of(string? model)
    {
        if (model == null)
            return Parse(FileName, DemoModel.Read(FileName));
        string folder = Directory.Exists(model) ? model : Path.GetDirectoryName(Path.GetFullPath(model))!;
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Load(path) : null;
    }

    /// <summary>
    /// Reads a list of classes: a text file, one a line; a JSON array of strings; or a JSON object with <c>classes</c> (strings, or objects with
    /// <c>name</c> and <c>prompt</c>) and <c>templates</c>.
    /// </summary>
    public static ClassList Load(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Parse(path, bytes) : OfNames(TextList.Parse(path, bytes));
    }

    /// <summary>A list of bare names.</summary>
    public static ClassList OfNames(string[] names) => new(names, names, null);

    static ClassList Parse(string path, byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array)
                return OfNames(NotEmpty(path, [.. root.EnumerateArray().Select(item => item.GetString()!)]));
            JsonElement[] classes = NotEmpty(path, [.. root.GetProperty("classes").EnumerateArray()]);
            string[] names = [.. classes.Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetProperty("name").GetString()!)];
            string[] prompts = [.. classes.Select((item, i) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("prompt", out JsonElement prompt)
                ? prompt.GetString()! : names[i])];
            string[]? templates = root.TryGetProperty("templates", out JsonElement given) ? [.. given.EnumerateArray().Select(item => item.GetString()!)] : null;
            return new ClassList(names, prompts, templates);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UserException(
                $"{path} is no list of classes ({exception.Message}): give an array of names, or an object with \"classes\" and, if you like, \"templates\".");
        }
    }

    static T[] NotEmpty<T>(string path, T[] items) => items.Length > 0 ? items : throw new UserException($"{path} names no class: give at least one.");
}

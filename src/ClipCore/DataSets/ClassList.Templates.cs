namespace ClipCore.DataSets;

public sealed partial record ClassList
{
    const string Hole = "{}";

    /// <summary>Templates for photographs, for lists that bring none: <c>{}</c> stands where the name goes.</summary>
    public static IReadOnlyList<string> PhotoTemplates { get; } = Array.AsReadOnly(
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
    ]);

    /// <summary>Reads prompt templates, one a line, each with <c>{}</c> where the class goes.</summary>
    /// <exception cref="DataSetException">It is empty, no UTF-8 text, or a line has no <c>{}</c>.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static IReadOnlyList<string> LoadTemplates(string path) => CheckTemplates(path, TextLines.Load(path));

    static IReadOnlyList<string> CheckTemplates(string name, IReadOnlyList<string> templates)
    {
        if (templates.Count == 0)
            throw new DataSetException($"{name} has no template: give at least one, with {Hole} where the class goes.");
        for (int i = 0; i < templates.Count; i++)
            if (!templates[i].Contains(Hole, StringComparison.Ordinal))
                throw new DataSetException($"{name}, template {i + 1}: '{templates[i]}' has no {Hole} where the class goes.");
        return templates;
    }
}

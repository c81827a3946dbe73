namespace ClipCore.DataSets;

/// <summary>Templates that make texts of the names of classes. Safe for many threads.</summary>
public static class PromptTemplates
{
    /// <summary>Templates for photographs, for lists of classes that bring none: <c>{}</c> stands where the name goes.</summary>
    public static IReadOnlyList<string> Photographs { get; } = Array.AsReadOnly(
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
}

using System.Globalization;
using ClipCore.Decomposition;

namespace ClipCore.Cli.Data;

/// <summary>One term of a query: like a picture, like an image of the set, or for a text; by the whole representation or by some components.</summary>
/// <param name="Components">The components to compare by; none for the whole representation.</param>
/// <param name="Image">A picture file that need not belong to the set; null for others.</param>
/// <param name="Index">An image of the set; −1 for others.</param>
/// <param name="Text">A text; null for others.</param>
sealed record RetrievalTerm(ComponentLabel[] Components, string? Image, int Index, string? Text)
{
    /// <summary>What the term asks for.</summary>
    public string Query => Image ?? Text ?? string.Create(CultureInfo.InvariantCulture, $"{Index}");

    /// <summary>What it compares by.</summary>
    public string By => Components.Length == 0 ? "the whole representation" : string.Join(" + ", Components);

    /// <summary>In words.</summary>
    public string Describe() => $"{(Text != null ? $"\u201C{Text}\u201D" : Image != null ? Path.GetFileName(Image) : $"image {Query}")} {(Text != null && Components.Length > 0 ? "through" : "by")} {By}";
}

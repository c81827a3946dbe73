using System.Text;
using ClipCore.Explanation;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Reports.Pages;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Explanations;

/// <summary>
/// An explanation as a folder: the page <c>index.html</c>, and beside it its pictures and numbers as files of their own. Safe for many threads.
/// </summary>
public static class ExplanationReport
{
    /// <summary>The page.</summary>
    public const string PageName = "index.html";

    /// <summary>The numbers.</summary>
    public const string JsonName = "explanation.json";

    /// <summary>All files of a report.</summary>
    /// <param name="explanation">What it is about.</param>
    public static IReadOnlyList<string> FileNames(ImageExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return [PageName, JsonName, "preprocessed.png", "heads.png", .. Enumerable.Range(1, explanation.TextCount).Select(TextName)];
    }

    /// <summary>Writes the folder, whole or not at all.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="explanation">What to write.</param>
    /// <param name="provenance">Where it came from.</param>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static void Write(string folder, ImageExplanation explanation, Provenance provenance)
    {
        using OutputFolder output = new(folder);
        AddTo(output, explanation, provenance);
        output.Commit();
    }

    /// <summary>Adds the files to a folder that the caller commits.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="explanation">What to write.</param>
    /// <param name="provenance">Where it came from.</param>
    /// <exception cref="IOException">A file can't be written.</exception>
    /// <param name="json">The numbers as the caller's own JSON; null for those of <see cref="ExplanationJson"/>.</param>
    public static void AddTo(OutputFolder folder, ImageExplanation explanation, Provenance provenance, byte[]? json = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(provenance);
        List<string> names = [];
        void Add(string name, byte[] bytes)
        {
            folder.Add(name, bytes);
            names.Add(name);
        }

        Add(JsonName, json ?? ExplanationJson.ToBytes(explanation, provenance));
        Add("preprocessed.png", PngWriter.Encode(explanation.Image.Rgb, explanation.Image.Size, explanation.Image.Size));
        Add("heads.png", ExplanationPictures.Heads(explanation).ToPng());
        Canvas[] overlays = ExplanationPictures.Overlays(explanation);
        for (int i = 0; i < overlays.Length; i++)
            Add(TextName(i + 1), overlays[i].ToPng());
        folder.Add(PageName, Encoding.UTF8.GetBytes(ExplanationPage.Write(explanation, provenance, names)));
    }

    static string TextName(int number) => $"text-{number}.png";
}

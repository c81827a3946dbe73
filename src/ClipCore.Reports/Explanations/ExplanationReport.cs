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
    public static void AddTo(OutputFolder folder, ImageExplanation explanation, Provenance provenance)
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

        Add("explanation.json", ExplanationJson.ToBytes(explanation, provenance));
        Add("preprocessed.png", PngWriter.Encode(explanation.Image.Rgb, explanation.Image.Size, explanation.Image.Size));
        Add("heads.png", ExplanationPictures.Heads(explanation).ToPng());
        Canvas[] overlays = ExplanationPictures.Overlays(explanation);
        for (int i = 0; i < overlays.Length; i++)
            Add($"text-{i + 1}.png", overlays[i].ToPng());
        folder.Add("index.html", Encoding.UTF8.GetBytes(ExplanationPage.Write(explanation, provenance, names)));
    }
}

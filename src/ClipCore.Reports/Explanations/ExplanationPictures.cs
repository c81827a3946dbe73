using ClipCore.Explanation;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Explanations;

/// <summary>
/// The pictures of an explanation: maps over the image, drawn raw (one crisp cell a patch), all of one kind on one scale. Safe for many threads.
/// </summary>
public static class ExplanationPictures
{
    const int OverlaySize = 480, HeadSize = 216, HeadColumns = 5;

    /// <summary>The overlay of each text: all heads summed, over the mean of the other texts. [T]</summary>
    /// <param name="explanation">The explanation.</param>
    public static Canvas[] Overlays(ImageExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        float[][] maps = [.. Enumerable.Range(0, explanation.TextCount).Select(text => explanation.Map(text, contrast: true))];
        float scale = Heatmap.ScaleOf(maps);
        string over = explanation.TextCount > 1 ? ", minus the mean of the other texts" : "";
        return
        [
            .. maps.Select((map, text) =>
                Sheet(1, OverlaySize, [], [(map, [explanation.Texts.Names[text], $"all heads{over}", Legend(scale)])], explanation, scale)),
        ];
    }

    /// <summary>The ten strongest heads of the first text, each patch by patch: the paper's joint decomposition (section 5).</summary>
    /// <param name="explanation">The explanation.</param>
    public static Canvas Heads(ImageExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        HeadEffect[] heads = explanation.StrongestHeads(0);
        float[][] maps = [.. heads.Select(head => explanation.HeadMap(head.Label.Layer, head.Label.Head, 0))];
        float scale = Heatmap.ScaleOf(maps);
        string over = explanation.TextCount > 1 ? " over the other texts" : "";
        return Sheet(
            HeadColumns, HeadSize, [$"what each head takes from each patch for \"{explanation.Texts.Names[0]}\"{over}", Legend(scale)],
            [.. heads.Select((head, i) => (maps[i], (string[])[$"{head.Label} {Ascii(Format.Signed(head.Effect))}"]))], explanation, scale);
    }

    static Canvas Sheet(
        int columns, int target, string[] title, (float[] Map, string[] Caption)[] tiles, ImageExplanation explanation, float scale)
    {
        int zoom = Math.Max(1, target / explanation.Image.Size), size = explanation.Image.Size * zoom;
        byte[] pale = Heatmap.Pale(explanation.Image.Rgb);
        ContactSheet sheet = new(size, columns, title);
        foreach ((float[] map, string[] caption) in tiles)
        {
            Canvas tile = new(size, size, Rgb.White);
            tile.Draw(pale, explanation.Image.Size, explanation.Image.Size, 0, 0, zoom);
            new Heatmap(map, explanation.PatchRows, explanation.PatchRows, scale).DrawOver(tile, 0, 0, size);
            sheet.Add(tile, caption);
        }
        return sheet.Draw();
    }

    static string Legend(float scale) => $"orange: for, blue: against; full colour at {Format.Number(scale)}";

    // The font of the pictures has no true minus.
    static string Ascii(string number) => number.Replace('−', '-');
}

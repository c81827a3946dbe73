using ClipCore.DataSets;

namespace ClipCore.EffectSets;

/// <summary>What is known of the images of a set, column by column.</summary>
sealed record ImageTable(string[] Names, int[] Labels, int[] Attributes, string[] Splits, string[] Captions, string?[] Masks)
{
    /// <summary>Labels; null where no image has one.</summary>
    public int[]? KnownLabels => Labels.Any(label => label >= 0) ? Labels : null;

    /// <summary>Attributes; null unless all images have one: groups are made of them.</summary>
    public int[]? KnownAttributes => Attributes.All(attribute => attribute >= 0) ? Attributes : null;

    /// <summary>Splits; null where no image has one.</summary>
    public string[]? KnownSplits => Known(Splits);

    /// <summary>Captions; null where no image has one.</summary>
    public string[]? KnownCaptions => Known(Captions);

    /// <summary>The table of some images of a set.</summary>
    public static ImageTable Of(ImageSet images, IEnumerable<int> rows)
    {
        ImageEntry[] entries = [.. rows.Select(row => images.Entries[row])];
        return new ImageTable(
            [.. entries.Select(entry => entry.Image.Name)], [.. entries.Select(entry => entry.Label)], [.. entries.Select(entry => entry.Attribute)],
            [.. entries.Select(entry => entry.Split)], [.. entries.Select(entry => entry.Caption)], [.. entries.Select(entry => entry.Mask?.Name)]);
    }

    /// <summary>Some rows, in the order given.</summary>
    public ImageTable Pick(int[] rows)
    {
        if (rows.Length == Names.Length)
            return this;
        T[] Of<T>(T[] column) => Array.ConvertAll(rows, row => column[row]);
        return new ImageTable(Of(Names), Of(Labels), Of(Attributes), Of(Splits), Of(Captions), Of(Masks));
    }

    static string[]? Known(string[] column) => column.Any(text => text.Length > 0) ? column : null;
}

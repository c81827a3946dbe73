namespace ClipCore.DataSets;

/// <summary>Rows of a list as a set of images.</summary>
static class ListRows
{
    /// <summary>Makes a set.</summary>
    /// <param name="name">The list's name.</param>
    /// <param name="rows">Its images.</param>
    /// <param name="folder">What paths are relative to.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="isWaterbirds">Whether it has the columns of Waterbirds.</param>
    public static ImageSet ToSet(string name, IReadOnlyList<ListRow> rows, string folder, ImageSetOptions options, bool isWaterbirds = false)
    {
        if (rows.Count == 0)
            throw new DataSetException($"{name} lists no image.");
        LabelColumn labels = LabelColumn.Read(name, [.. rows.Select(row => (row.Place, row.Label))], options.LabelsAreNames);
        LabelColumn attributes = LabelColumn.Read(name, [.. rows.Select(row => (row.Place, row.Attribute))], options.LabelsAreNames);
        // Other sets on groups have the same columns, but more classes or places.
        isWaterbirds = isWaterbirds && labels.Names.Length == 0 && attributes.Names.Length == 0 && labels.Labels.Max() <= 1 && attributes.Labels.Max() <= 1;
        ImageEntry[] entries = new ImageEntry[rows.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            ListRow row = rows[i];
            if (row.Image.Length == 0)
                throw new DataSetException($"{name}, {row.Place}: there is no path of an image.");
            entries[i] = new ImageEntry(Source(name, row.Place, folder, row.Image))
            {
                Label = labels.Labels[i],
                Attribute = attributes.Labels[i],
                Mask = LabelColumn.IsMissing(row.Mask) ? null : Source(name, row.Place, folder, row.Mask),
                Split = LabelColumn.IsMissing(row.Split) ? "" : isWaterbirds ? WaterbirdsSplit(row.Split) : row.Split,
                Caption = row.Caption,
            };
        }
        return isWaterbirds
            ? new ImageSet(name, entries, ["landbird", "waterbird"]) { AttributeNames = ["land", "water"] }
            : new ImageSet(name, entries, labels.Names) { AttributeNames = attributes.Names };
    }

    static ImageSource Source(string name, string place, string folder, string path) => path.Contains('\0', StringComparison.Ordinal)
        ? throw new DataSetException($"{name}, {place}: the path holds a zero character.") : ImageSource.OfFile(Path.Combine(folder, path));

    static string WaterbirdsSplit(string split) => LabelColumn.IsNumber(split, out double number)
        ? number switch { 0 => "train", 1 => "val", 2 => "test", _ => split }
        : split;
}

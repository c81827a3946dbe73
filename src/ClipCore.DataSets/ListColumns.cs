namespace ClipCore.DataSets;

/// <summary>What the columns of a list are called.</summary>
static class ListColumns
{
    public static readonly string[] Image = ["image", "img_filename", "path", "file", "filename"];
    public static readonly string[] Label = ["label", "y", "class"];
    public static readonly string[] Attribute = ["attribute", "place", "group"];
    public static readonly string[] Mask = ["mask"];
    public static readonly string[] Split = ["split"];
    public static readonly string[] Caption = ["caption", "text"];

    /// <summary>The columns that say a list is that of Waterbirds.</summary>
    public static readonly string[] Waterbirds = ["img_filename", "y", "split", "place"];

    /// <summary>The place of the first of some names; −1 without any.</summary>
    public static int Find(IReadOnlyList<string> header, string[] names)
    {
        foreach (string name in names)
            for (int i = 0; i < header.Count; i++)
                if (header[i].Equals(name, StringComparison.OrdinalIgnoreCase))
                    return i;
        return -1;
    }
}

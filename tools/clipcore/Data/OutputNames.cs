using ClipCore.DataSets;

namespace ClipCore.Cli.Data;

/// <summary>Names of outputs, after the inputs: the file's name without its ending; numbered where two would be the same.</summary>
static class OutputNames
{
    /// <summary>A name for each image of a set, each different.</summary>
    public static IEnumerable<string> Of(ImageSet set)
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (ImageEntry entry in set.Entries)
        {
            string stem = Path.GetFileNameWithoutExtension(entry.Image.Name), name = stem.Length > 0 ? stem : "image";
            for (int i = 2; !taken.Add(name); i++)
                name = FormattableString.Invariant($"{stem}-{i}");
            yield return name;
        }
    }
}

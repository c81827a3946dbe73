using nietras.SeparatedValues;

namespace ClipCore.DataSets;

/// <summary>Lists with separators: CSV and TSV with the quoting of RFC 4180.</summary>
static class DelimitedList
{
    /// <summary>Reads lines of fields, from the first on, without blank ones.</summary>
    /// <param name="name">The list's name, for messages.</param>
    /// <param name="text">The list.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <returns>Where each stands (the line it begins at, from 1), and its fields.</returns>
    public static List<(int Line, string[] Fields)> Lines(string name, string text, char separator)
    {
        if (text.AsSpan().Count('"') % 2 != 0)
            throw new DataSetException($"{name}: a field that begins with a quotation mark has no mark at its end; write a mark within a field as two.");
        List<(int, string[])> lines = [];
        try
        {
            SepReaderOptions options = new(new Sep(separator)) { HasHeader = false, DisableColCountCheck = true, Unescape = true };
            using SepReader reader = options.FromText(text);
            foreach (SepReader.Row row in reader)
            {
                string[] fields = new string[row.ColCount];
                for (int i = 0; i < fields.Length; i++)
                    fields[i] = row[i].ToString().Trim();
                if (fields.Length > 1 || fields[0].Length > 0)
                    lines.Add((row.LineNumberFrom, fields));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or ArgumentException)
        {
            throw new DataSetException($"{name} can't be read as a list: after {lines.Count} lines a line is too long, or has too many fields.", exception);
        }
        return lines;
    }

    /// <summary>Reads a list whose first line names the columns.</summary>
    public static ImageSet Read(string name, string text, char separator, string folder, ImageSetOptions options)
    {
        List<(int Line, string[] Fields)> lines = Lines(name, text, separator);
        if (lines.Count < 2)
            throw new DataSetException($"{name} lists no image: the first line names the columns, each further line is an image.");
        string[] header = lines[0].Fields;
        if (header.Where(column => column.Length > 0).GroupBy(column => column.ToLowerInvariant()).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DataSetException($"{name}: the first line names the column '{twice.Key}' {twice.Count()} times.");
        int image = ListColumns.Find(header, ListColumns.Image), label = ListColumns.Find(header, ListColumns.Label);
        int attribute = ListColumns.Find(header, ListColumns.Attribute), mask = ListColumns.Find(header, ListColumns.Mask);
        int split = ListColumns.Find(header, ListColumns.Split), caption = ListColumns.Find(header, ListColumns.Caption);
        if (image < 0)
            throw new DataSetException(
                $"{name} has the columns {string.Join(", ", header)}, but none is called {string.Join(" or ", ListColumns.Image)}: "
                + "name the columns in the first line.");
        List<ListRow> rows = [];
        foreach ((int line, string[] fields) in lines.Skip(1))
        {
            if (fields.Length != header.Length)
                throw new DataSetException(
                    $"{name}, line {line}: {fields.Length} fields, but the first line names {header.Length}; "
                    + "put a field that holds a separator in quotation marks.");
            rows.Add(new ListRow($"line {line}", fields[image], Field(label), Field(attribute), Field(mask), Field(split), Field(caption)));

            string Field(int column) => column < 0 ? "" : fields[column];
        }
        bool isWaterbirds = ListColumns.Waterbirds.All(column => header.Contains(column, StringComparer.OrdinalIgnoreCase));
        return ListRows.ToSet(name, rows, folder, options, isWaterbirds);
    }
}

using System.Globalization;
using System.Text;

namespace ClipCore.Text;

/// <summary>
/// Facts of Unicode and HTML that the framework does not give in invariant globalization mode: canonical composition, width mappings, named
/// character references. Read once from an embedded text.
/// </summary>
sealed class UnicodeTables
{
    static readonly Lazy<UnicodeTables> s_instance = new(() => new UnicodeTables());

    readonly Dictionary<string, string> _entities = new(StringComparer.Ordinal);
    readonly Dictionary<int, int[]> _decompositions = [];
    readonly Dictionary<long, int> _compositions = [];
    readonly byte[] _classes = new byte[0x20000];
    readonly Dictionary<char, string> _widths = [];

    UnicodeTables()
    {
        using Stream stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream("ClipCore.Text.unicode.txt")!;
        using StreamReader reader = new(stream, Encoding.ASCII);
        string section = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            if (line.StartsWith('['))
                section = line;
            else
                Add(section, line.Split(' '));
        }
    }

    public static UnicodeTables Instance => s_instance.Value;

    /// <summary>Named character references without the ampersand, some without the semicolon, and what they stand for.</summary>
    public IReadOnlyDictionary<string, string> Entities => _entities;

    /// <summary>Full- and half-width forms and what they are in normal width.</summary>
    public IReadOnlyDictionary<char, string> Widths => _widths;

    /// <summary>Normalization form C: canonical decomposition, order of combining marks, canonical composition.</summary>
    public string Compose(string text)
    {
        bool isPlain = true;
        foreach (char c in text)
            isPlain &= c < 0x300;
        if (isPlain)
            return text;

        List<int> points = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        Order(points);

        StringBuilder result = new(text.Length);
        Span<char> pair = stackalloc char[2];
        foreach (int point in Recompose(points))
            result.Append(pair[..new Rune(point).EncodeToUtf16(pair)]);
        return result.ToString();
    }

    void Add(string section, string[] fields)
    {
        switch (section)
        {
            case "[entities]":
                _entities[fields[0]] = Text(fields.AsSpan(1));
                break;
            case "[decompositions]":
                bool isExcluded = fields[0].StartsWith('!');
                int point = Hex(isExcluded ? fields[0][1..] : fields[0]);
                int[] parts = [.. fields[1..].Select(Hex)];
                _decompositions[point] = parts;
                if (!isExcluded)
                    _compositions[Pair(parts[0], parts[1])] = point;
                break;
            case "[classes]":
                for (int c = Hex(fields[0]); c <= Hex(fields[1]); c++)
                    _classes[c] = byte.Parse(fields[2], CultureInfo.InvariantCulture);
                break;
            default:
                _widths[(char)Hex(fields[0])] = Text(fields.AsSpan(1));
                break;
        }
    }

    void Decompose(int point, List<int> destination)
    {
        // Hangul syllables are composed by rule, not by table.
        if (point is >= 0xAC00 and <= 0xD7A3)
        {
            int index = point - 0xAC00;
            destination.Add(0x1100 + (index / 588));
            destination.Add(0x1161 + (index % 588 / 28));
            if (index % 28 != 0)
                destination.Add(0x11A7 + (index % 28));
        }
        else if (_decompositions.TryGetValue(point, out int[]? parts))
        {
            foreach (int part in parts)
                Decompose(part, destination);
        }
        else
        {
            destination.Add(point);
        }
    }

    /// <summary>Sorts each run of combining marks by class, marks of one class staying in order: a counting sort, since runs may be long.</summary>
    void Order(List<int> points)
    {
        Span<int> starts = stackalloc int[257];
        int[] marks = [];
        byte[] classes = [];
        for (int first = 0; first < points.Count; first++)
        {
            byte previous = Class(points[first]);
            if (previous == 0)
                continue;
            int end = first + 1;
            bool isOrdered = true;
            for (; end < points.Count && Class(points[end]) is > 0 and byte next; end++)
            {
                isOrdered &= previous <= next;
                previous = next;
            }
            if (!isOrdered)
            {
                int count = end - first;
                if (marks.Length < count)
                    (marks, classes) = (new int[count], new byte[count]);
                starts.Clear();
                for (int i = 0; i < count; i++)
                {
                    marks[i] = points[first + i];
                    classes[i] = Class(marks[i]);
                    starts[classes[i] + 1]++;
                }
                for (int c = 1; c < starts.Length; c++)
                    starts[c] += starts[c - 1];
                for (int i = 0; i < count; i++)
                    points[first + starts[classes[i]]++] = marks[i];
            }
            first = end - 1;
        }
    }

    List<int> Recompose(List<int> points)
    {
        List<int> result = new(points.Count);
        int starter = -1, lastClass = 0;
        foreach (int point in points)
        {
            int pointClass = Class(point);
            bool isBlocked = starter < 0 || (result.Count - 1 > starter && (lastClass == 0 || lastClass >= pointClass));
            if (!isBlocked && Composed(result[starter], point) is int composed)
            {
                result[starter] = composed;
                continue;
            }
            if (pointClass == 0)
                starter = result.Count;
            lastClass = pointClass;
            result.Add(point);
        }
        return result;
    }

    int? Composed(int first, int second)
    {
        if (first is >= 0x1100 and <= 0x1112 && second is >= 0x1161 and <= 0x1175)
            return 0xAC00 + ((((first - 0x1100) * 21) + second - 0x1161) * 28);
        if (first is >= 0xAC00 and <= 0xD7A3 && (first - 0xAC00) % 28 == 0 && second is > 0x11A7 and <= 0x11C2)
            return first + second - 0x11A7;
        return _compositions.TryGetValue(Pair(first, second), out int composed) ? composed : null;
    }

    byte Class(int point) => (uint)point < (uint)_classes.Length ? _classes[point] : (byte)0;

    static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    static string Text(ReadOnlySpan<string> points)
    {
        StringBuilder text = new();
        foreach (string point in points)
            text.Append(new Rune(Hex(point)).ToString());
        return text.ToString();
    }
}

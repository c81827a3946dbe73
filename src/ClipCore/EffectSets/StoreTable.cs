using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClipCore.DataSets;
using ClipCore.Files;

namespace ClipCore.EffectSets;

/// <summary>
/// The table of a store's images: JSON lines, one for each image of the whole set in order, with <c>name</c> and, where they are known, <c>label</c>,
/// <c>attribute</c>, <c>split</c>, <c>caption</c> and <c>mask</c>. Written and read as a stream.
/// </summary>
static class StoreTable
{
    /// <summary>The file's name within the store.</summary>
    public const string FileName = "images.jsonl";

    // {"name":"x"} and the end of the line.
    const int LeastLine = 13, MostLine = 1 << 26, Piece = 1 << 16;

    /// <summary>How the store's files are written: letters of any script stay readable.</summary>
    public static JsonWriterOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the table of a set.</summary>
    /// <param name="images">The set.</param>
    /// <param name="destination">Where to; null for the hash alone.</param>
    /// <returns>SHA-256 of what was written, in hexadecimal.</returns>
    public static string Write(ImageSet images, Stream? destination)
    {
        using Sha256 hash = new();
        ArrayBufferWriter<byte> buffer = new(2 * Piece);
        using Utf8JsonWriter json = new(buffer, Json);
        foreach (ImageEntry entry in images.Entries)
        {
            json.Reset();
            WriteLine(json, entry);
            json.Flush();
            buffer.Write("\n"u8);
            if (buffer.WrittenCount >= Piece)
                Drain();
        }
        Drain();
        return hash.Finish();

        void Drain()
        {
            hash.Append(buffer.WrittenSpan);
            destination?.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
    }

    /// <summary>Reads a whole table, and checks that it is the one that was written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="count">How many images it lists.</param>
    /// <param name="sha256">Its hash.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static ImageTable Read(string path, int count, string sha256)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        if (count > file.Length / LeastLine)
            throw StoreManifest.Damaged(path, $"{file.Length} bytes are too few for {count} images");
        Columns columns = new(path, count);
        using Sha256 hash = new();
        byte[] buffer = new byte[Piece];
        int filled = 0;
        for (int read; (read = file.Read(buffer, filled, buffer.Length - filled)) > 0;)
        {
            hash.Append(buffer.AsSpan(filled, read));
            Span<byte> rest = buffer.AsSpan(0, filled + read);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
                columns.Add(rest[..end]);
            filled = rest.Length;
            rest.CopyTo(buffer);
            if (filled == buffer.Length)
                Array.Resize(ref buffer, filled < MostLine ? 2 * filled : throw StoreManifest.Damaged(path, "a line is too long"));
        }
        if (filled > 0 || columns.Count != count)
            throw StoreManifest.Damaged(path, $"it has {columns.Count} whole lines for {count} images");
        return hash.Finish() == sha256 ? columns.Table : throw StoreManifest.Damaged(path, $"its hash is not the one in {StoreManifest.FileName}");
    }

    static void WriteLine(Utf8JsonWriter json, ImageEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("name", entry.Image.Name);
        if (entry.Label != -1)
            json.WriteNumber("label", entry.Label);
        if (entry.Attribute != -1)
            json.WriteNumber("attribute", entry.Attribute);
        if (entry.Split.Length > 0)
            json.WriteString("split", entry.Split);
        if (entry.Caption.Length > 0)
            json.WriteString("caption", entry.Caption);
        if (entry.Mask != null)
            json.WriteString("mask", entry.Mask.Name);
        json.WriteEndObject();
    }

    /// <summary>The columns as they fill.</summary>
    sealed class Columns(string path, int count)
    {
        // Splits are few words many times over.
        readonly Dictionary<string, string> _words = new(StringComparer.Ordinal) { [""] = "" };

        public int Count { get; private set; }

        public ImageTable Table { get; } = new(new string[count], new int[count], new int[count], new string[count], new string[count], new string?[count]);

        public void Add(ReadOnlySpan<byte> line)
        {
            if (Count == count)
                throw StoreManifest.Damaged(path, $"it has more lines than {count}");
            try
            {
                Parse(line, Count);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
            {
                throw StoreManifest.Damaged(path, $"line {Count + 1}: {exception.Message}", exception);
            }
            Count++;
        }

        void Parse(ReadOnlySpan<byte> line, int row)
        {
            (Table.Names[row], Table.Labels[row], Table.Attributes[row], Table.Splits[row], Table.Captions[row]) = ("", -1, -1, "", "");
            Utf8JsonReader json = new(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new JsonException("no object");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string name = json.GetString()!;
                json.Read();
                switch (name)
                {
                    case "name":
                        Table.Names[row] = json.GetString() ?? "";
                        break;
                    case "label":
                        Table.Labels[row] = json.GetInt32();
                        break;
                    case "attribute":
                        Table.Attributes[row] = json.GetInt32();
                        break;
                    case "split":
                        Table.Splits[row] = Word(json.GetString() ?? "");
                        break;
                    case "caption":
                        Table.Captions[row] = json.GetString() ?? "";
                        break;
                    case "mask":
                        Table.Masks[row] = json.GetString();
                        break;
                    default:
                        throw new JsonException($"{name} is not known");
                }
            }
            if (json.TokenType != JsonTokenType.EndObject || json.Read())
                throw new JsonException("no single object");
            if (Table.Names[row].Length == 0 || Table.Labels[row] < -1)
                throw new JsonException("an image needs a name, and a label of −1 or more");
        }

        string Word(string text)
        {
            if (_words.TryGetValue(text, out string? known))
                return known;
            return _words.Count < Piece ? _words[text] = text : text;
        }
    }
}

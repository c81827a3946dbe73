using System.CommandLine;
using System.Globalization;
using System.Text;
using ClipCore.Cli.Data;
using ClipCore.Cli.Report;
using ClipCore.Decomposition;
using ClipCore.Images;
using ClipCore.Retrieval;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore retrieve</c>: the nearest images by text, by image, or by one property of them.</summary>
static class RetrieveCommand
{
    const int TileSize = 144;

    static readonly int[] s_recalls = [1, 5, 10];

    public static Command Create()
    {
        Command command = new("retrieve", "Nearest images: to a text, to an image, or by one property alone: through the heads that carry it. Several queries make a compound one (the colour of A, the position of B).");
        EffectArguments effects = new(command);
        Option<string[]> text = new("--text") { Description = "A text to look for.", HelpName = "TEXT" };
        Option<string[]> image = new("--image") { Description = "An image to look for: its index in the data or its file name there.", HelpName = "IMAGE" };
        Option<string[]> heads = new("--heads") { Description = "Look through these heads alone, such as L4.H3 or \"L5.H2 + L4.H0\"; once for all queries, or once for each.", HelpName = "LIST" };
        Option<int> count = new("--count") { Description = "Images to show (default 10).", HelpName = "N", DefaultValueFactory = _ => 10 };
        Option<string?> sheet = new("--sheet") { Description = "Write a contact sheet.", HelpName = "FILE.png" };
        Option<string?> page = new("--page") { Description = "Write a page with the images.", HelpName = "FILE.html" };
        foreach (Option option in (Option[])[text, image, heads, count, sheet, page])
            command.Options.Add(option);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            int shown = result.GetValue(count);
            if (shown < 1)
                throw new UserException($"--count {shown} must be at least 1.");
            string[] texts = result.GetValue(text) ?? [], images = result.GetValue(image) ?? [], parts = result.GetValue(heads) ?? [];
            int queries = texts.Length + images.Length;
            if (texts.Any(string.IsNullOrWhiteSpace))
                throw new UserException("--text is empty: write what to look for.");
            if (parts.Length > 1 && parts.Length != queries)
                throw new UserException($"--heads was given {parts.Length} times for {queries} queries: give it once for all, or once for each (texts first, then images).");
            using EffectInput input = effects.Open(result, model, classAttention: false);
            if (input.Model == null && texts.Length > 0)
                throw new UserException("arrays bring no model to read a text with: look for an image, by its index.");
            PropertyIndex index = new(input.Effects);
            double[] recalls = queries == 0 ? Recalls(input, index) : [];
            if (queries == 0 && recalls.Length == 0)
                throw new UserException("there is nothing to look for: give --text or --image (or data with classes, for recall).");

            double[] scores = new double[input.Effects.ImageCount];
            for (int q = 0; q < queries; q++)
            {
                ComponentLabel[] through = parts.Length == 0 ? [] : Labels.Read("--heads", parts[parts.Length == 1 ? 0 : q].Replace('+', ','), input.Effects);
                float[] vectors = index.Vectors(through);
                double[] cosines;
                if (q < texts.Length)
                {
                    cosines = PropertyIndex.Cosines(vectors, input.Model!.EncodeText(texts[q]));
                }
                else
                {
                    int at = Find(input.Effects, images[q - texts.Length]);
                    cosines = PropertyIndex.Cosines(vectors, vectors.AsSpan(at * input.Effects.Width, input.Effects.Width));
                }
                for (int i = 0; i < scores.Length; i++)
                    scores[i] += cosines[i] / queries;
            }
            Neighbor[] found = queries == 0 ? [] : PropertyIndex.Rank(scores, shown);
            string query = Query(texts, images, parts);
            TextWriter print = json.Text(result);
            if (queries == 0)
                for (int k = 0; k < s_recalls.Length; k++)
                    print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recall@{s_recalls[k],-3} {recalls[k]:0.000}"));
            foreach (Neighbor neighbor in found)
                print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{neighbor.Score,8:0.0000}  {Name(input, neighbor.Image)}"));
            if (input.Effects.Names == null && (result.GetValue(sheet) ?? result.GetValue(page)) != null)
                throw new UserException("arrays bring no pictures to show: leave --sheet and --page out.");
            if (result.GetValue(sheet) is { } sheetPath)
                Sheet(input, found, query).Save(sheetPath);
            if (result.GetValue(page) is { } pagePath)
                WritePage(pagePath, input, found, query);
            json.Write(result, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("query", query);
                for (int k = 0; k < recalls.Length; k++)
                    writer.WriteNumber($"recall@{s_recalls[k]}", recalls[k]);
                writer.WriteStartArray("images");
                foreach (Neighbor neighbor in found)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("index", neighbor.Image);
                    writer.WriteString("image", Name(input, neighbor.Image));
                    writer.WriteNumber("score", neighbor.Score);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
            });
        });
        return command;
    }

    /// <summary>Share of the classes for which an image of the class is among the first k of its text.</summary>
    static double[] Recalls(EffectInput input, PropertyIndex index)
    {
        if (input.Effects.Labels is not { } labels)
            return [];
        float[] vectors = index.Vectors([]);
        int[] classes = [.. Enumerable.Range(0, input.Classifier.ClassCount).Where(c => labels.Contains(c))];
        Neighbor[][] ranked = [.. classes.Select(c => PropertyIndex.Nearest(vectors, input.Classifier.Rows.Slice(c * input.Effects.Width, input.Effects.Width), s_recalls[^1]))];
        return [.. s_recalls.Select(k => (double)classes.Where((c, i) => ranked[i].Take(k).Any(neighbor => labels[neighbor.Image] == c)).Count() / classes.Length)];
    }

    static int Find(EffectSet set, string image)
    {
        if (int.TryParse(image, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < set.ImageCount)
            return index;
        int found = Array.FindIndex(set.Names ?? [], name => name == image || Path.GetFileName(name) == Path.GetFileName(image));
        return found >= 0 ? found : throw new UserException($"--image {image} is not in the data, which has {set.ImageCount} images: give an index from 0 or a file name.");
    }

    static string Name(EffectInput input, int image) => input.Effects.Names?[image] ?? $"image {image}";

    static string Query(string[] texts, string[] images, string[] parts) =>
        string.Join(" and ", texts.Select(text => $"“{text}”").Concat(images.Select(image => $"image {image}")).Select((query, i) => parts.Length == 0 ? query : $"{query} through {parts[parts.Length == 1 ? 0 : i]}"));

    static Canvas Sheet(EffectInput input, Neighbor[] found, string query)
    {
        ContactSheet sheet = new(TileSize, 5, $"nearest to {query.Replace('“', '"').Replace('”', '"')}");
        foreach (Neighbor neighbor in found)
        {
            string path = input.Effects.Names![neighbor.Image];
            DecodedImage picture = ImageDecoder.Load(path);
            Canvas tile = new(TileSize, TileSize, Rgb.White);
            tile.Draw(Square(picture, TileSize), TileSize, TileSize, 0, 0);
            sheet.Add(tile, Path.GetFileName(path), neighbor.Score.ToString("0.000", CultureInfo.InvariantCulture));
        }
        return sheet.Draw();
    }

    static byte[] Square(DecodedImage picture, int size) => new ImagePreprocessor(new PreprocessConfig { Size = size, ConvertRgbFirst = true }).Prepare(picture).Rgb;

    static void WritePage(string path, EffectInput input, Neighbor[] found, string query)
    {
        const string Style = "body { margin: 24px auto; max-width: 1120px; padding: 0 16px; font: 16px system-ui, sans-serif; color-scheme: light dark; } h1 { font-size: 22px; }\n"
            + "main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 150px), 1fr)); gap: 16px; } img { width: 100%; } figure { margin: 0; } figcaption { font-size: 13px; overflow-wrap: anywhere; }\n";
        StringBuilder body = new($"<h1>Nearest to {HtmlPage.Escape(query)}</h1>\n<main>\n");
        foreach (Neighbor neighbor in found)
        {
            string name = Path.GetFileName(input.Effects.Names![neighbor.Image]);
            byte[] png = PngWriter.Encode(Square(ImageDecoder.Load(input.Effects.Names[neighbor.Image]), TileSize), TileSize, TileSize);
            body.Append($"<figure><img src=\"{HtmlPage.DataUri(png)}\" alt=\"{HtmlPage.Escape(name)}\"><figcaption>{HtmlPage.Escape(name)}<br>{neighbor.Score.ToString("0.000", CultureInfo.InvariantCulture)}</figcaption></figure>\n");
        }
        using OutputFile file = new(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(HtmlPage.Document($"Nearest to {query}", Style, body.Append("</main>").ToString(), null)));
        file.Commit();
    }
}

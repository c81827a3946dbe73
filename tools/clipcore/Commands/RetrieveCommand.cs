using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Cli.Data;
using ClipCore.Cli.Report;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Numerics;
using ClipCore.Retrieval;
using FoundImage = ClipCore.Cli.Data.FoundImage;
using RetrievalRecall = ClipCore.Cli.Data.RetrievalRecall;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore retrieve</c>: images that are like an image or fit a text, by the whole representation or by what chosen heads say.</summary>
static class RetrieveCommand
{
    public static Command Create()
    {
        Command command = new("retrieve", "Find images: for a text, or like an image; by the whole representation, or through the heads that carry one property. Several queries make a compound one (the colour of A, the position of B).");
        Argument<string?> store = new("store") { Description = "A store of clipcore run to search.", HelpName = "STORE", DefaultValueFactory = _ => null };
        Option<string?> data = new("--data") { Description = "Pictures to search: a folder, a folder of class folders, or a list with image, and label or caption where known (default: the built-in scenes).", HelpName = "DATA" };
        Option<string?> reference = new("--reference") { Description = "A folder of the paper's arrays (attn.npy, mlp.npy) in place of pictures; ask with --image N, the N-th image from 0.", HelpName = "DIR" };
        Option<string[]> text = new("--text") { Description = "Find images for this text.", HelpName = "TEXT" };
        Option<string[]> image = new("--image") { Description = "Find images like this one: any picture file, or the name or index (from 0) of an image of the data.", HelpName = "IMAGE" };
        Option<string[]> heads = new("--heads") { Description = "Compare by these components only, such as L4.H3 or \"L5.H2 + L4.H0\"; once for all queries, or once for each (texts first, then images).", HelpName = "LIST" };
        Option<int> count = new("--count") { Description = "How many images to show (default 10).", HelpName = "N", DefaultValueFactory = _ => 10 };
        Option<bool> recall = new("--recall") { Description = "Ask for every caption and every class of the data, and report recall at 1, 5 and 10 (done also when nothing else is asked)." };
        Option<string?> sheet = new("--sheet") { Description = "Write a contact sheet.", HelpName = "FILE.png" };
        Option<string?> page = new("--page") { Description = "Write a page with the images.", HelpName = "FILE.html" };
        command.Arguments.Add(store);
        foreach (Option option in (Option[])[data, reference, text, image, heads, count, recall, sheet, page])
            command.Options.Add(option);
        ImageLimit limit = new(command);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            int most = result.GetValue(count);
            if (most < 1)
                throw new UserException($"--count {most} must be at least 1.");
            QueryWords words = new(result.GetValue(text) ?? [], result.GetValue(image) ?? [], result.GetValue(heads) ?? []);
            bool wantsRecall = result.GetValue(recall) || words.Count == 0;
            using RetrievalInput input = RetrievalInput.Open(
                result.GetValue(store), result.GetValue(reference), result.GetValue(data), () => model.Load(result), model.Path(result), limit.Read(result));
            RetrievalTerm[] terms = words.Read(input);
            input.Check(terms, wantsRecall, result.GetValue(sheet) ?? result.GetValue(page));

            ComponentLabel[][] parts = [.. terms.Select(term => term.Components), .. wantsRecall ? [words.Through(input)] : Array.Empty<ComponentLabel[]>()];
            PartIndex[] indexes;
            using (Progress progress = new("decomposing", "images", input.Effects.ImageCount))
                indexes = PartIndex.Build(input.Effects, parts, progress.Report);
            FoundImage[] found = terms.Length == 0 ? [] : Find(input, terms, indexes, most);
            RetrievalRecall[] recalls = wantsRecall ? input.Recall(indexes[^1]) : [];

            Print(json.Text(result), input, terms, found, recalls);
            RetrievalSheet pictures = new(input, terms, found, recalls);
            if (result.GetValue(sheet) is { } png)
                Save(png, pictures.ToPng());
            if (result.GetValue(page) is { } html)
                Save(html, pictures.ToPage());
            json.Write(result, writer => Write(writer, input, terms, found, recalls));
        });
        return command;
    }

    static void Save(string path, byte[] bytes)
    {
        using OutputFile file = new(path);
        file.Stream.Write(bytes);
        file.Commit();
    }

    static FoundImage[] Find(RetrievalInput input, RetrievalTerm[] terms, PartIndex[] indexes, int count)
    {
        double[][] scores = [.. terms.Select((term, i) => input.Score(term, indexes[i]))];
        double[] together = scores.Length == 1 ? scores[0] : Ranking.Combine(scores);
        // An image is always like itself: the query is no answer. In a compound query every image may be one.
        int self = terms.Length == 1 ? terms[0].Index : -1;
        return [.. Ranking.Top(together, count, self).Select(image => new FoundImage(image, together[image], [.. scores.Select(term => term[image])]))];
    }

    static void Print(TextWriter print, RetrievalInput input, RetrievalTerm[] terms, FoundImage[] found, RetrievalRecall[] recalls)
    {
        if (terms.Length > 0)
            print.WriteLine($"{string.Join(" and ", terms.Select(term => term.Describe()))}, among {input.Effects.ImageCount} images of {input.Name}");
        for (int i = 0; i < found.Length; i++)
            print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1,4}  {found[i].Score,8:0.0000}  {input.NameOf(found[i].Index)}  {input.Describe(found[i].Index)}").TrimEnd());
        foreach (RetrievalRecall recall in recalls)
            print.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"recall of {recall.Queries} {recall.Kind}: at 1 {recall.Shares[0]:0.0000}, at 5 {recall.Shares[1]:0.0000}, at 10 {recall.Shares[2]:0.0000}"));
    }

    static void Write(Utf8JsonWriter json, RetrievalInput input, RetrievalTerm[] terms, FoundImage[] found, RetrievalRecall[] recalls)
    {
        json.WriteStartObject();
        json.WriteString("data", input.Name);
        json.WriteNumber("imageCount", input.Effects.ImageCount);
        json.WriteString("query", string.Join(" and ", terms.Select(term => term.Describe())));
        json.WriteStartArray("queries");
        foreach (RetrievalTerm term in terms)
        {
            json.WriteStartObject();
            json.WriteString(term.Text != null ? "text" : "image", term.Query);
            json.WriteStrings("components", term.Components.Select(label => label.ToString()));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("images");
        foreach (FoundImage one in found)
        {
            json.WriteStartObject();
            json.WriteNumber("index", one.Index);
            json.WriteString("image", input.NameOf(one.Index));
            json.WriteNumber("score", one.Score);
            json.WriteStartArray("terms");
            foreach (double score in one.Terms)
                json.WriteNumberValue(score);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (recalls.Length > 0)
        {
            json.WriteStartObject("recall");
            foreach (RetrievalRecall recall in recalls)
            {
                json.WriteStartObject(recall.Kind);
                json.WriteNumber("queries", recall.Queries);
                for (int i = 0; i < recall.Shares.Length; i++)
                    json.WriteNumber($"recall@{RetrievalRecall.Cuts[i]}", recall.Shares[i]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}

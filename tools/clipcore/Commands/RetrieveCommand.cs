using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Cli.Data;
using ClipCore.Cli.Report;
using ClipCore.Decomposition;
using ClipCore.Retrieval;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore retrieve</c>: images that are like an image or fit a text, by the whole representation or by what chosen heads say.</summary>
static class RetrieveCommand
{
    public static Command Create()
    {
        Command command = new("retrieve", "Find images: for a text, or like an image; by the whole representation, by one head or several, or by several parts at once (the colour of one image, the position of another).");
        Argument<string?> data = new("data") { Description = "Pictures: a folder, a folder of class folders, or a list with image, and label or caption where known (default: the built-in scenes).", HelpName = "DATA", DefaultValueFactory = _ => null };
        Option<string?> reference = new("--reference") { Description = "A folder of the paper's arrays (attn.npy, mlp.npy) in place of pictures; queries are then #N, the N-th image.", HelpName = "DIR" };
        Option<string?> image = new("--image") { Description = "Find images like this picture, or like #N of the set.", HelpName = "FILE" };
        Option<string?> text = new("--text") { Description = "Find images for this text.", HelpName = "TEXT" };
        Option<string?> heads = new("--heads") { Description = "Compare by these components only, such as \"L5.H2 + L4.H0\"; a text is asked through them.", HelpName = "LIST" };
        Option<string[]> part = new("--part") { Description = "A term of a compound query, HEADS=QUERY, where QUERY is a picture, a text or #N: --part L5.H2=a.png --part L5.H0=b.png.", HelpName = "TERM" };
        Option<int> count = new("--count") { Description = "How many images to show (default 12).", HelpName = "N", DefaultValueFactory = _ => 12 };
        Option<bool> recall = new("--recall") { Description = "Also ask for every caption and class of the set, and report recall at 1, 5 and 10." };
        Option<string?> output = new("--out") { Description = "A folder for a contact sheet (retrieval.png) and a page (retrieval.html).", HelpName = "DIR" };
        command.Arguments.Add(data);
        foreach (Option option in (Option[])[reference, image, text, heads, part, count, recall, output])
            command.Options.Add(option);
        ImageLimit limit = new(command);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            int most = result.GetValue(count);
            if (most < 1)
                throw new UserException($"--count {most} must be at least 1.");
            string[] parts = result.GetValue(part) ?? [];
            if (new[] { result.GetValue(image) != null, result.GetValue(text) != null, parts.Length > 0 }.Count(given => given) > 1)
                throw new UserException("--image, --text and --part are three ways to ask: take one (--part as often as wanted).");
            bool wantsRecall = result.GetValue(recall), asks = result.GetValue(image) != null || result.GetValue(text) != null || parts.Length > 0;
            if (!asks && !wantsRecall)
                throw new UserException("nothing was asked: give --image, --text, --part or --recall.");
            if (parts.Length > 0 && result.GetValue(heads) != null)
                throw new UserException("--heads and --part were both given: name the heads inside --part.");

            using RetrievalInput input = RetrievalInput.Open(result.GetValue(reference), result.GetValue(data), () => model.Load(result), model.Path(result), limit.Read(result));
            RetrievalTerm[] terms =
            [
                .. result.GetValue(image) is { } picture ? [RetrievalTerm.Read("--image", result.GetValue(heads), picture, false, input.Effects)] : Array.Empty<RetrievalTerm>(),
                .. result.GetValue(text) is { } words ? [RetrievalTerm.Read("--text", result.GetValue(heads), words, true, input.Effects)] : Array.Empty<RetrievalTerm>(),
                .. parts.Select(one => RetrievalTerm.ReadPart(one, input.Effects)),
            ];
            ComponentLabel[] through = result.GetValue(heads) is { } list ? Labels.Read("--heads", list.Replace('+', ' '), input.Effects) : [];
            input.Check(terms, wantsRecall, result.GetValue(output) != null);
            using OutputFolder? folder = result.GetValue(output) is { } path ? new OutputFolder(path) : null;

            PartIndex[] indexes;
            using (Progress progress = new("decomposing", "images", input.Effects.ImageCount))
                indexes = PartIndex.Build(input.Effects, [.. terms.Select(term => term.Components), .. wantsRecall ? [through] : Array.Empty<ComponentLabel[]>()], progress.Report);
            FoundImage[] found = terms.Length == 0 ? [] : Find(input, terms, indexes, most);
            RetrievalRecall[] recalls = wantsRecall ? input.Recall(indexes[^1]) : [];

            Print(json.Text(result), input, terms, found, recalls);
            if (folder != null && terms.Length > 0)
            {
                RetrievalSheet sheet = new(input, terms, found, recalls);
                folder.Add("retrieval.png", sheet.ToPng());
                folder.Add("retrieval.html", sheet.ToPage());
                folder.Commit();
            }
            json.Write(result, writer => Write(writer, input, terms, found, recalls));
        });
        return command;
    }

    static FoundImage[] Find(RetrievalInput input, RetrievalTerm[] terms, PartIndex[] indexes, int count)
    {
        double[][] scores = [.. terms.Select((term, i) => input.Score(term, indexes[i]))];
        double[] together = scores.Length == 1 ? scores[0] : Ranking.Combine(scores);
        // An image is always like itself: the query is no answer. In a compound query every image may be one.
        int self = terms.Length == 1 ? input.IndexOf(terms[0]) : -1;
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
        json.WriteNumber("images", input.Effects.ImageCount);
        json.WriteStartArray("query");
        foreach (RetrievalTerm term in terms)
        {
            json.WriteStartObject();
            json.WriteString(term.Text != null ? "text" : "image", term.Query);
            json.WriteStrings("components", term.Components.Select(label => label.ToString()));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("results");
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
                    json.WriteNumber(RetrievalRecall.Cuts[i].ToString(CultureInfo.InvariantCulture), recall.Shares[i]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}

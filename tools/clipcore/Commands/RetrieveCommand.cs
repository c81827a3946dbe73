using System.CommandLine;
using System.Globalization;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Reports.Retrieval;
using ClipCore.Retrieval;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore retrieve</c>: images that are like an image or fit a text, by the whole representation or by what chosen heads say.</summary>
static class RetrieveCommand
{
    public static Command Create()
    {
        Command command = new(
            "retrieve", "Find images for a text or like an image, by the whole representation or through the heads of one property; several queries combine.");
        EffectArguments effects = new(command);
        Option<string[]> text = new("--text") { Description = "Find images for this text.", HelpName = "TEXT" };
        Option<string[]> image = new("--image")
        {
            Description = "Find images like this one: any picture file, or the name or index (from 0) of an image of the data.",
            HelpName = "IMAGE",
        };
        Option<string[]> heads = new("--heads")
        {
            Description = "Compare by these components only, such as L4.H3 or \"L5.H2 + L4.H0\"; once for all queries, or once for each (texts first).",
            HelpName = "LIST",
        };
        Option<int> count = new("--count") { Description = "How many images to show (default 10).", HelpName = "N", DefaultValueFactory = _ => 10 };
        Option<bool> recall = new("--recall")
        {
            Description = "Ask for every caption and every class of the data, and report recall at 1, 5 and 10 (done also when nothing else is asked).",
        };
        Option<string?> sheet = new("--sheet") { Description = "Write a contact sheet.", HelpName = "FILE.png" };
        Option<string?> page = new("--page") { Description = "Write a page with the images.", HelpName = "FILE.html" };
        foreach (Option option in (Option[])[text, image, heads, count, recall, sheet, page])
            command.Options.Add(option);
        ModelArguments model = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            int most = Given.AtLeastOne("--count", result.GetValue(count));
            string[] texts = result.GetValue(text) ?? [], images = result.GetValue(image) ?? [], parts = result.GetValue(heads) ?? [];
            Check(texts, images, parts);
            bool wantsRecall = result.GetValue(recall) || texts.Length + images.Length == 0,
                wantsPictures = result.GetValue(sheet) != null || result.GetValue(page) != null;
            using EffectInput input = effects.Open(
                result, model, DemoData.Scenes, wantsRecall ? Judging.IfKnown : Judging.None, cancellation, needsTexts: texts.Length > 0);
            RequireModel(input, texts.Length > 0 || wantsRecall, wantsPictures);
            SearchTerm[] terms = Terms(input, texts, images, parts, effects.MaxPixels(result));
            ComponentLabel[] through = wantsRecall && parts.Length > 1 && terms.Length > 1
                ? throw new UserException("--recall takes --heads once, for all its queries.") : Components(input.Effects, parts, 0);
            IReadOnlyList<FoundImage> found = [];
            Dictionary<string, RetrievalRecall> recalls = [];
            using (Progress progress = new("searching", "images", input.Effects.ImageCount))
            {
                if (terms.Length > 0)
                    found = ImageSearch.Find(input.Effects, terms, most, progress, cancellation);
                if (wantsRecall)
                    recalls = Recall(input, through, cancellation);
            }
            Print(json.Text(result), input, terms, found, recalls);
            if (wantsPictures)
                Save(result.GetValue(sheet), result.GetValue(page), Report(input, terms, found, recalls, effects.MaxPixels(result)));
            RetrieveResults results = new(
                input.Effects.ImageCount, string.Join(" and ", terms.Select(term => term.ToString())),
                [.. terms.Select(term =>
                    new RetrieveQuery(term.Kind.ToString().ToLowerInvariant(), term.Query, [.. term.Components.Select(label => label.ToString())]))],
                [.. found.Select(one => new FoundImageResult(one.Image, Name(input.Effects, one.Image), one.Score, [.. one.Terms]))],
                recalls.ToDictionary(
                    pair => pair.Key, pair => new RecallResults(pair.Value.Queries, pair.Value.Shares[0], pair.Value.Shares[1], pair.Value.Shares[2])),
                [.. input.Skipped]);
            json.Write(result, input.Identity, input.Name, results, ResultsContext.Default.EnvelopeRetrieveResults);
            return input.Code;
        });
        return command;
    }

    static void Check(string[] texts, string[] images, string[] parts)
    {
        if (texts.Any(string.IsNullOrWhiteSpace))
            throw new UserException("--text is empty: write what to look for.");
        if (images.Any(string.IsNullOrWhiteSpace))
            throw new UserException("--image is empty: name a picture, or an image of the data.");
        int queries = texts.Length + images.Length;
        if (parts.Length > 1 && parts.Length != queries)
            throw new UserException(
                $"--heads was given {parts.Length} times for {queries} queries: give it once for all, or once for each (texts first, then images).");
    }

    static void RequireModel(EffectInput input, bool needsTexts, bool needsPictures)
    {
        if (input.Model != null)
        {
            if (needsTexts)
                Encoders.RequireTexts(input.Model);
            return;
        }
        if (needsTexts)
            throw new UserException("arrays bring no model to read pictures and texts with: ask with --image N, the N-th image from 0.");
        if (needsPictures)
            throw new UserException("--sheet and --page need pictures to show, but arrays have none: leave them out.");
    }

    static SearchTerm[] Terms(EffectInput input, string[] texts, string[] images, string[] parts, long maxPixels) =>
    [
        .. texts.Select((text, i) => SearchTerm.ForText(text, input.Model!, Components(input.Effects, parts, i))),
        .. images.Select((image, i) => Image(input, image, Components(input.Effects, parts, texts.Length + i), maxPixels)),
    ];

    static SearchTerm Image(EffectInput input, string word, ComponentLabel[] components, long maxPixels)
    {
        EffectSet set = input.Effects;
        string[] names = set.Names ?? [];
        bool isFile = File.Exists(word);
        if (!isFile && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return index < set.ImageCount ? SearchTerm.LikeImage(index, components)
                : throw new UserException($"--image {word}: there are {set.ImageCount} images, 0 … {set.ImageCount - 1}.");
        int at = Array.FindIndex(names, name => name == word || Path.GetFullPath(name) == Path.GetFullPath(word));
        if (at < 0 && !isFile)
            at = Array.FindIndex(names, name => Path.GetFileName(name) == word);
        if (at >= 0)
            return SearchTerm.LikeImage(at, components);
        if (!isFile)
            throw new UserException(
                $"--image {word} is no file, and not in the data, which has {set.ImageCount} images: give a picture, or an index from 0 or a file name of the "
                    + "data.");
        return input.Model == null
            ? throw new UserException("arrays bring no model to read pictures and texts with: ask with --image N, the N-th image from 0.")
            : SearchTerm.LikePicture(ImageSource.OfFile(word), input.Model, components, maxPixels);
    }

    static ComponentLabel[] Components(EffectSet set, string[] parts, int query)
    {
        if (parts.Length == 0)
            return [];
        ComponentLabel[] components = ComponentArguments.Read("--heads", parts[parts.Length == 1 ? 0 : query].Replace('+', ' '), set);
        set.Require(components);
        return components;
    }

    static Dictionary<string, RetrievalRecall> Recall(EffectInput input, ComponentLabel[] through, CancellationToken cancellation)
    {
        Dictionary<string, RetrievalRecall> recalls = [];
        EffectSet set = input.Effects;
        if (set.Captions is { } captions && captions.Any(caption => caption.Length > 0))
            recalls["captions"] = ImageSearch.RecallOfCaptions(set, input.Model!, through, null, cancellation);
        if (set.Labels is { } labels && labels.Any(label => label >= 0))
            recalls["classes"] = ImageSearch.RecallOfClasses(set, input.RequireClasses(), through, null, cancellation);
        return recalls.Count > 0 ? recalls : throw new UserException(
            $"{input.Name} has neither captions nor classes to ask for: give --text or --image; recall needs a list with the column caption or label, or a "
                + "folder for each class.");
    }

    static string Name(EffectSet set, int image) => set.Names?[image] ?? $"image {image}";

    /// <summary>What is known of an image: its caption, or its class.</summary>
    static string Describe(EffectInput input, int image)
    {
        EffectSet set = input.Effects;
        if (set.Captions?[image] is { Length: > 0 } caption)
            return caption;
        int label = set.Labels?[image] ?? -1;
        return label >= 0 && label < set.ClassNames.Count ? set.ClassNames[label] : "";
    }

    static void Print(TextWriter print, EffectInput input, SearchTerm[] terms, IReadOnlyList<FoundImage> found, Dictionary<string, RetrievalRecall> recalls)
    {
        if (terms.Length > 0)
            print.WriteLine($"{string.Join(" and ", terms.Select(term => term.ToString()))}, among {input.Effects.ImageCount} images of {input.Name}");
        for (int i = 0; i < found.Count; i++)
            print.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{i + 1,4}  {found[i].Score,8:0.0000}  {Name(input.Effects, found[i].Image)}  {Describe(input, found[i].Image)}")
                    .TrimEnd());
        foreach ((string kind, RetrievalRecall recall) in recalls)
            print.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"recall of {recall.Queries} {kind}: at 1 {recall.Shares[0]:0.0000}, at 5 {recall.Shares[1]:0.0000}, at 10 {recall.Shares[2]:0.0000}"));
    }

    static RetrievalReport Report(
        EffectInput input, SearchTerm[] terms, IReadOnlyList<FoundImage> found, Dictionary<string, RetrievalRecall> recalls, long maxPixels)
    {
        PreparedImage Prepare(string path) => input.Model!.Preprocessor.Prepare(ImageDecoder.Load(path, maxPixels));
        return new RetrievalReport
        {
            Terms = [.. terms.Select(term => term.ToString())],
            Meaning = terms.Length > 1 ? "A score is the sum over the queries, each as standard deviations from its mean over the images."
                : terms is [{ Kind: SearchKind.Text }] ? "A score is what the compared parts add to the cosine with the text."
                    : "A score is the cosine of the compared parts.",
            ImageCount = input.Effects.ImageCount,
            Queries =
            [
                .. terms.Where(term => term.Kind != SearchKind.Text)
                    .Select(term => term.Kind == SearchKind.Image ? Name(input.Effects, term.Image) : term.Query)
                    .Select(path => new RetrievalPicture(Path.GetFileName(path), Prepare(path), null, "query")),
            ],
            Found =
            [
                .. found.Select(one => new RetrievalPicture(
                    Path.GetFileName(Name(input.Effects, one.Image)), Prepare(Name(input.Effects, one.Image)), one.Score, Describe(input, one.Image))),
            ],
            Recall = [.. recalls.Select(
                pair => new RecallRow($"{pair.Value.Queries} {pair.Key}", pair.Value.Shares[0], pair.Value.Shares[1], pair.Value.Shares[2]))],
        };
    }

    static void Save(string? sheet, string? page, RetrievalReport report)
    {
        if (sheet != null)
            RetrievalSheet.Draw(report).Save(Given.Path("--sheet", sheet));
        if (page == null)
            return;
        using OutputFile file = new(Given.Path("--page", page));
        file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(RetrievalPage.Write(report)));
        file.Commit();
    }
}

using System.Globalization;
using ClipCore.Checkpoints;
using ClipCore.Cli.Commands;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Numerics;
using ClipCore.Retrieval;

namespace ClipCore.Cli.Data;

/// <summary>The images to search: pictures with a model, or the reference's arrays without one.</summary>
sealed class RetrievalInput : IDisposable
{
    readonly string? _modelPath;
    readonly long _maxPixels;

    RetrievalInput(string name, EffectSet effects, ClipModel? model, ImageSet? images, string? modelPath, long maxPixels) =>
        (Name, Effects, Model, Images, _modelPath, _maxPixels) = (name, effects, model, images, modelPath, maxPixels);

    /// <summary>Where the images came from.</summary>
    public string Name { get; }

    /// <summary>The images' direct effects.</summary>
    public EffectSet Effects { get; }

    /// <summary>The model; null for arrays.</summary>
    public ClipModel? Model { get; }

    /// <summary>The pictures; null for arrays.</summary>
    public ImageSet? Images { get; }

    /// <summary>Opens what the user named: one of a store, the reference's arrays and pictures, or else the built-in scenes.</summary>
    public static RetrievalInput Open(string? store, string? reference, string? data, Func<ClipModel> load, string? modelPath, long maxPixels)
    {
        if (new[] { store, reference, data }.Count(given => given != null) > 1)
            throw new UserException("a store, --reference and --data are three things to search: take one of them.");
        if (reference != null)
            return new RetrievalInput(reference, ReferenceArrays.Open(reference), null, null, modelPath, maxPixels);
        if (store != null)
            return OpenStore(store, load, modelPath, maxPixels);
        if (data == null && modelPath != null)
            throw new UserException("--model without pictures: name a store to search, or pictures with --data.");
        ImageSet images = data != null ? ImageSet.Open(data) : DemoData.Scenes(ClassList.Of(null)!.Names);
        ClipModel model = load();
        ImageEffects effects = new(model, images.ToLibrary(), maxPixels);
        return new RetrievalInput(images.Name, effects, model, images, modelPath, maxPixels);
    }

    static RetrievalInput OpenStore(string path, Func<ClipModel> load, string? modelPath, long maxPixels)
    {
        EffectStore store = EffectStore.Open(path);
        ClipModel model = load();
        if (model.Checkpoint.Sha256 != store.Identity.Sha256)
            throw new UserException($"{path} was made by another model ({store.Identity.Name}, SHA-256 {store.Identity.Sha256[..16]}…): name it with --model.");
        ImageEntry[] entries = [.. store.Names!.Select((name, i) => new ImageEntry(name, store.Labels?[i] ?? -1))];
        return new RetrievalInput(path, store, model, new ImageSet(path, entries, [.. store.ClassNames]), modelPath, maxPixels);
    }

    /// <summary>What an image is called.</summary>
    public string NameOf(int image) => Effects.Names?[image] ?? $"image {image}";

    /// <summary>What is known of an image: its caption, or its class.</summary>
    public string Describe(int image) => Images?.Entries[image] is not { } entry ? ""
        : entry.Caption.Length > 0 ? entry.Caption : entry.Label >= 0 && entry.Label < Images.ClassNames.Length ? Images.ClassNames[entry.Label] : "";

    /// <summary>The image of the set that a word stands for, by its index, path or file name; −1 where it is none.</summary>
    public int IndexOf(string word)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && !File.Exists(word))
            return index < Effects.ImageCount ? index : throw new UserException($"--image {word}: there are {Effects.ImageCount} images, 0 … {Effects.ImageCount - 1}.");
        string[] names = Effects.Names ?? [];
        int exact = Array.FindIndex(names, name => name == word || Path.GetFullPath(name) == Path.GetFullPath(word));
        return exact >= 0 || File.Exists(word) ? exact : Array.FindIndex(names, name => Path.GetFileName(name) == word);
    }

    /// <summary>The picture file that a word stands for; null where it is an image of the set.</summary>
    public string? PictureOf(string word) => IndexOf(word) >= 0 ? null : File.Exists(word) ? word
        : throw new UserException($"--image {word} is no file, and not in the data, which has {Effects.ImageCount} images: give a picture, or an index from 0 or a file name of the data.");

    /// <summary>Refuses, before any work, what can't be answered.</summary>
    public void Check(RetrievalTerm[] terms, bool recall, string? pictures)
    {
        if (Effects is EffectStore store)
            foreach (ComponentLabel label in terms.SelectMany(term => term.Components))
                if (label.Kind == ComponentKind.Head && label.Layer < store.FirstHeadLayer)
                    throw new UserException($"{Name} keeps the heads of the layers from {store.FirstHeadLayer} on only, not {label}: run again with more --layers.");
        if (Model == null)
        {
            if (terms.Any(term => term.Image != null || term.Text != null) || recall)
                throw new UserException("arrays bring no model to read pictures and texts with: ask with --image N, the N-th image from 0.");
            if (pictures != null)
                throw new UserException($"{pictures} needs pictures to show, but arrays have none: leave --sheet and --page out.");
            return;
        }
        if (recall || terms.Any(term => term.Text != null))
            Commands.EncodeCommand.Require(Model, needsVocabulary: true);
        if (recall && Images!.Entries.All(entry => entry.Caption.Length == 0 && entry.Label < 0))
            throw new UserException($"{Name} has neither captions nor classes to ask for: give --text or --image; recall needs a list with the column caption or label, or a folder for each class.");
    }

    /// <summary>The score of every image for a term. [n]</summary>
    public double[] Score(RetrievalTerm term, PartIndex index)
    {
        if (term.Text != null)
            return index.SpeakFor(Model!.EncodeText(term.Text));
        if (term.Image == null)
            return index.CompareTo(index[term.Index]);
        float[] heads = new float[Effects.LayerCount * Effects.HeadCount * Effects.EmbedWidth], mlps = new float[(Effects.LayerCount + 1) * Effects.EmbedWidth];
        using ImageEffects picture = new(Model!, new ImageSet(term.Image, [new ImageEntry(term.Image)], []).ToLibrary(), _maxPixels);
        picture.Read(0, heads, mlps, []);
        float[] query = new float[Effects.EmbedWidth];
        PartIndex.Sum(term.Components, heads, mlps, Effects.HeadCount, query);
        return index.CompareTo(query);
    }

    /// <summary>Asks for every caption, and for every class.</summary>
    public RetrievalRecall[] Recall(PartIndex index)
    {
        List<RetrievalRecall> recalls = [];
        ImageEntry[] entries = Images!.Entries;
        string[] captions = [.. entries.Select(entry => entry.Caption).Where(caption => caption.Length > 0).Distinct()];
        if (captions.Length > 0)
            recalls.Add(RetrievalRecall.Of("captions", index, Flat(Model!.EncodeTexts(captions)), (text, image) => entries[image].Caption == captions[text]));
        int[] labels = [.. entries.Select(entry => entry.Label).Where(label => label >= 0).Distinct().Order()];
        if (labels.Length > 0)
            recalls.Add(RetrievalRecall.Of("classes", index, EncodeClasses(labels), (text, image) => entries[image].Label == labels[text]));
        return [.. recalls];
    }

    public void Dispose()
    {
        Effects.Dispose();
        Model?.Dispose();
    }

    float[] EncodeClasses(int[] labels)
    {
        ClassList? known = ClassList.Of(_modelPath);
        string[] names = Images!.ClassNames.Length > 0 ? Images.ClassNames : known?.Names ?? [];
        if (labels[^1] >= names.Length)
            throw new UserException($"{Name} has the label {labels[^1]}, but there are {names.Length} class names: a class has no text. Write names in place of numbers, or a caption.");
        string[] prompts = [.. labels.Select(label => known != null && Array.IndexOf(known.Names, names[label]) is >= 0 and { } at ? known.Prompts[at] : names[label])];
        return Flat(Model!.EncodeClasses(prompts, known?.Templates ?? ClassList.DefaultTemplates));
    }

    static float[] Flat(System.Numerics.Tensors.Tensor<float> rows)
    {
        float[] values = new float[(int)rows.FlattenedLength];
        rows.FlattenTo(values);
        return values;
    }
}

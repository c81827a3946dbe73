using ClipCore.Files;
using ClipCore.Npy;

namespace ClipCore.EffectSets;

/// <summary>
/// Writes effects as the paper's scripts read them: <c>{dataset}_attn_{model}.npy</c> [n, L, H, e], <c>_mlp_</c> [n, L + 1, e], <c>_cls_attn_</c> [n, L, e],
/// <c>_classifier_</c> [e, c] and <c>_labels_</c> [n], or [n, 2] with an attribute. Safe for many threads.
/// </summary>
public static class ReferenceExport
{
    /// <summary>Writes the arrays; each appears whole or not at all. What the effects do not have is left out.</summary>
    /// <param name="effects">The effects, read image by image.</param>
    /// <param name="classifier">The classes; null for no classifier file.</param>
    /// <param name="folder">The folder to write into, made where it does not exist; files of the same names are replaced.</param>
    /// <param name="datasetName">The data set's part of the names.</param>
    /// <param name="modelName">The model's part of the names.</param>
    /// <param name="progress">Told how many images are written.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="ArgumentException">
    /// Heads of early layers are not there one by one, the classifier has another width, or a name can't be part of a file's name.
    /// </exception>
    /// <exception cref="IOException">The effects can't be read, or the folder can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; no file was written.</exception>
    /// <returns>The files that were written.</returns>
    public static IReadOnlyList<string> Write(
        EffectSet effects, LinearClassifier? classifier, string folder, string datasetName = "imagenet", string modelName = "model",
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        RequireName(datasetName, nameof(datasetName));
        RequireName(modelName, nameof(modelName));
        if (effects.FirstHeadLayer > 0)
            throw new ArgumentException(
                $"The paper's arrays hold every head, but of layers 0 … {effects.FirstHeadLayer - 1} only the sum over the heads is known: "
                + "make the effects anew with all layers kept.",
                nameof(effects));
        if (classifier != null && classifier.EmbedWidth != effects.EmbedWidth)
            throw new ArgumentException($"The classifier has the width {classifier.EmbedWidth}, but the effects {effects.EmbedWidth}.", nameof(classifier));
        cancellation.ThrowIfCancellationRequested();
        // Makes the folder, and takes it back where nothing comes of it.
        using OutputFolder output = new(folder);
        List<string> written = [];
        string At(string kind)
        {
            written.Add(Path.Combine(folder, $"{datasetName}_{kind}_{modelName}.npy"));
            return written[^1];
        }

        WriteEffects(effects, At, classifier, progress, cancellation);
        output.Commit();
        return written;
    }

    static void WriteEffects(EffectSet effects, Func<string, string> path, LinearClassifier? classifier, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        int layers = effects.LayerCount, heads = effects.HeadCount, width = effects.EmbedWidth;
        EffectReader reader = new(effects, effects.HasClassAttention);
        using NpyWriter<float> attention = new(path("attn"), layers, heads, width), mlps = new(path("mlp"), layers + 1, width);
        using NpyWriter<float>? classAttention = effects.HasClassAttention ? new NpyWriter<float>(path("cls_attn"), layers, width) : null;
        for (int image = 0; image < effects.ImageCount; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Read(image);
            attention.Write(reader.Heads);
            mlps.Write(reader.Mlps);
            classAttention?.Write(reader.ClassAttention);
            progress?.Report(image + 1);
        }
        if (classifier != null)
            NpyFile.Write<float>(path("classifier"), classifier.Transposed(), width, classifier.ClassCount);
        if (effects.Labels is { } labels)
            WriteLabels(path("labels"), labels, effects.Attributes);
        attention.Complete();
        mlps.Complete();
        classAttention?.Complete();
    }

    static void WriteLabels(string path, int[] labels, int[]? attributes)
    {
        int columns = attributes == null ? 1 : 2;
        long[] values = new long[labels.Length * columns];
        for (int i = 0; i < labels.Length; i++)
        {
            values[i * columns] = labels[i];
            if (attributes != null)
                values[(i * columns) + 1] = attributes[i];
        }
        if (columns == 1)
            NpyFile.Write<long>(path, values, labels.Length);
        else
            NpyFile.Write<long>(path, values, labels.Length, columns);
    }

    static void RequireName(string name, string argument)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, argument);
        if (name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || name.Contains('\\', StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' can't be part of a file's name: leave out separators of folders.", argument);
    }
}

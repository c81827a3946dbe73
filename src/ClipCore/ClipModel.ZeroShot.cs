using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Numerics;

namespace ClipCore;

public sealed partial class ClipModel
{
    const string TemplateSlot = "{}";

    /// <summary>
    /// Representations of classes: for each, the texts that all templates make of its name are encoded, scaled to length 1, averaged, and the
    /// average is scaled to length 1 again. [c, e]
    /// </summary>
    /// <param name="names">Names of the classes.</param>
    /// <param name="templates">Templates with <c>{}</c> where the name goes.</param>
    /// <exception cref="ArgumentException">There is no name or no template, or a template has no <c>{}</c>.</exception>
    /// <exception cref="InvalidOperationException">The model has no text tower, or no vocabulary.</exception>
    /// <exception cref="NonFiniteResultException">A text's representation, or the average of a class, has no direction.</exception>
    public Tensor<float> EncodeClasses(ReadOnlySpan<string> names, ReadOnlySpan<string> templates) =>
        Matrix(EncodeClassRows(names.ToArray(), templates.ToArray(), null, default));

    /// <summary>A zero-shot classifier of classes, to the bits of <see cref="EncodeClasses"/> over their prompts.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="templates">
    /// Templates with <c>{}</c> where the name goes; null for the list's own, or else <see cref="ClassList.PhotoTemplates"/>.
    /// </param>
    /// <param name="progress">Told how many classes are done, after each pass.</param>
    /// <param name="cancellation">Looked at between passes.</param>
    /// <exception cref="ArgumentException">There is no template, or one has no <c>{}</c>.</exception>
    /// <exception cref="InvalidOperationException">The model has no text tower, or no vocabulary.</exception>
    /// <exception cref="NonFiniteResultException">A text's representation, or the average of a class, has no direction.</exception>
    public LinearClassifier CreateClassifier(
        ClassList classes, IReadOnlyList<string>? templates = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(classes);
        string[] used = [.. templates ?? classes.Templates ?? ClassList.PhotoTemplates];
        float[] rows = EncodeClassRows(classes.Prompts, used, progress, cancellation);
        return new LinearClassifier(rows, EmbedWidth) { Names = [.. classes.Names], Templates = used };
    }

    /// <summary>How well texts fit an image: <see cref="LogitScale"/> times the cosines, plus <see cref="LogitBias"/>. [t]</summary>
    /// <param name="image">A unit image representation. [e]</param>
    /// <param name="texts">Unit text representations. [t × e]</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    [OverloadResolutionPriority(1)]
    public float[] Logits(ReadOnlySpan<float> image, ReadOnlySpan<float> texts)
    {
        int width = EmbedWidth;
        if (image.Length != width)
            throw new ArgumentException($"An image representation has {width} floats, but {image.Length} were given.", nameof(image));
        if (texts.Length % width != 0)
            throw new ArgumentException(
                $"Text representations are rows of {width} floats: {texts.Length} floats are not a whole number of them.", nameof(texts));
        float[] logits = new float[texts.Length / width];
        for (int t = 0; t < logits.Length; t++)
            logits[t] = (float)((LogitScale * OrderedSums.Dot(image, texts.Slice(t * width, width))) + LogitBias);
        return logits;
    }

    /// <inheritdoc cref="Logits(ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    public float[] Logits(ReadOnlySpan<float> image, ReadOnlyTensorSpan<float> texts) => Logits(image, Rows(texts, nameof(texts)));

    /// <summary>The probability of each text among all: the softmax of <see cref="Logits(ReadOnlySpan{float}, ReadOnlySpan{float})"/>. [t]</summary>
    /// <inheritdoc cref="Logits(ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    [OverloadResolutionPriority(1)]
    public float[] Probabilities(ReadOnlySpan<float> image, ReadOnlySpan<float> texts)
    {
        float[] values = Logits(image, texts);
        if (values.Length == 0)
            return values;
        Numerics.Probabilities.FromLogits(values);
        return values;
    }

    /// <inheritdoc cref="Probabilities(ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    public float[] Probabilities(ReadOnlySpan<float> image, ReadOnlyTensorSpan<float> texts) => Probabilities(image, Rows(texts, nameof(texts)));

    /// <summary>
    /// The rows of classes. Texts of many classes share a pass: each text's representation does not depend on its neighbours, and each class's sum is
    /// taken in the order of the templates.
    /// </summary>
    float[] EncodeClassRows(IReadOnlyList<string> prompts, IReadOnlyList<string> templates, IProgress<int>? progress, CancellationToken cancellation)
    {
        if (prompts.Count == 0 || templates.Count == 0)
            throw new ArgumentException(
                "At least one name and one template are needed.", prompts.Count == 0 ? nameof(prompts) : nameof(templates));
        foreach (string template in templates)
            if (!template.Contains(TemplateSlot, StringComparison.Ordinal))
                throw new ArgumentException($"The template '{template}' has no {TemplateSlot} where the name goes.", nameof(templates));

        int width = _engine.Text.EmbedWidth, perPass = Engine.MaxTextsAtOnce;
        float[] classes = NewRows(prompts.Count), encoded = new float[perPass * width];
        double[] sums = new double[width];
        long all = (long)prompts.Count * templates.Count;
        for (long first = 0; first < all; first += perPass)
        {
            string[] texts = new string[(int)Math.Min(perPass, all - first)];
            for (int i = 0; i < texts.Length; i++)
                texts[i] = templates[(int)((first + i) % templates.Count)]
                    .Replace(TemplateSlot, prompts[(int)((first + i) / templates.Count)], StringComparison.Ordinal);
            EncodeTexts(texts, encoded.AsSpan(0, texts.Length * width), normalize: true, progress: null, cancellation);
            for (int i = 0; i < texts.Length; i++)
            {
                for (int j = 0; j < width; j++)
                    sums[j] += encoded[(i * width) + j];
                if ((first + i + 1) % templates.Count == 0)
                    FinishClass((int)((first + i) / templates.Count), sums, classes);
            }
            progress?.Report((int)((first + texts.Length) / templates.Count));
        }
        return classes;
    }

    static void FinishClass(int index, double[] sums, float[] classes)
    {
        double squares = 0;
        foreach (double sum in sums)
            squares += sum * sum;
        double length = Math.Sqrt(squares);
        if (!(length > 0))
            throw new NonFiniteResultException("class", index, $"the average of its texts has the length {length}");
        for (int j = 0; j < sums.Length; j++)
            classes[(index * sums.Length) + j] = (float)(sums[j] / length);
        Array.Clear(sums);
    }
}

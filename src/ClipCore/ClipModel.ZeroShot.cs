using System.Numerics.Tensors;
using ClipCore.Decomposition;

namespace ClipCore;

public sealed partial class ClipModel
{
    /// <summary>
    /// Representations of classes: for each, the texts that all templates make of its name are encoded, scaled to length 1, averaged, and the
    /// average is scaled to length 1 again. [c, e]
    /// </summary>
    /// <param name="names">Names of the classes.</param>
    /// <param name="templates">Templates with <c>{}</c> where the name goes.</param>
    /// <exception cref="ArgumentException">There is no name or no template, or a template has no <c>{}</c>.</exception>
    /// <exception cref="InvalidOperationException">The model has no text tower, or no vocabulary.</exception>
    public Tensor<float> EncodeClasses(ReadOnlySpan<string> names, ReadOnlySpan<string> templates)
    {
        const string Slot = "{}";
        if (names.Length == 0 || templates.Length == 0)
            throw new ArgumentException("At least one name and one template are needed.", names.Length == 0 ? nameof(names) : nameof(templates));
        foreach (string template in templates)
            if (!template.Contains(Slot, StringComparison.Ordinal))
                throw new ArgumentException($"The template '{template}' has no {Slot} where the name goes.", nameof(templates));

        int width = Text.EmbedWidth;
        float[] classes = new float[names.Length * width];
        string[] texts = new string[templates.Length];
        double[] sums = new double[width];
        for (int c = 0; c < names.Length; c++)
        {
            for (int i = 0; i < texts.Length; i++)
                texts[i] = templates[i].Replace(Slot, names[c], StringComparison.Ordinal);
            Tensor<float> encoded = EncodeTexts(texts);
            Array.Clear(sums);
            for (int i = 0; i < texts.Length; i++)
                for (int j = 0; j < width; j++)
                    sums[j] += encoded[i, j];
            double squares = 0;
            foreach (double sum in sums)
                squares += sum * sum;
            double length = Math.Sqrt(squares);
            for (int j = 0; j < width; j++)
                classes[(c * width) + j] = (float)(sums[j] / length);
        }
        return Tensor.Create(classes, [names.Length, width]);
    }

    /// <summary>How well texts fit an image: <see cref="LogitScale"/> times the cosines. [t]</summary>
    /// <param name="image">A unit image representation. [e]</param>
    /// <param name="texts">Unit text representations. [t × e]</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public float[] Logits(ReadOnlySpan<float> image, ReadOnlySpan<float> texts)
    {
        if (image.Length != EmbedWidth)
            throw new ArgumentException($"An image representation has {EmbedWidth} floats, but {image.Length} were given.", nameof(image));
        if (texts.Length % EmbedWidth != 0)
            throw new ArgumentException(
                $"Text representations are rows of {EmbedWidth} floats: {texts.Length} floats are not a whole number of them.", nameof(texts));
        float[] logits = new float[texts.Length / EmbedWidth];
        for (int t = 0; t < logits.Length; t++)
        {
            ReadOnlySpan<float> text = texts.Slice(t * EmbedWidth, EmbedWidth);
            double cosine = 0;
            for (int j = 0; j < text.Length; j++)
                cosine += (double)image[j] * text[j];
            logits[t] = (float)(LogitScale * cosine);
        }
        return logits;
    }

    /// <summary>The probability of each text among all: the softmax of <see cref="Logits"/>. [t]</summary>
    /// <inheritdoc cref="Logits"/>
    public float[] Probabilities(ReadOnlySpan<float> image, ReadOnlySpan<float> texts)
    {
        float[] values = Logits(image, texts);
        Numerics.Probabilities.FromLogits(values);
        return values;
    }

    /// <inheritdoc cref="Probabilities(ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    public float[] Probabilities(ReadOnlySpan<float> image, Tensor<float> texts) => Probabilities(image, Flat(texts));

    /// <inheritdoc cref="CreateDirections(ReadOnlySpan{float})"/>
    public EffectDirections CreateDirections(Tensor<float> directions) => CreateDirections(Flat(directions));

    static float[] Flat(Tensor<float> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        float[] values = new float[checked((int)tensor.FlattenedLength)];
        tensor.FlattenTo(values);
        return values;
    }
}

using ClipCore.Images;

namespace ClipCore.Checkpoints;

/// <summary>
/// Reads Hugging Face's <c>preprocessor_config.json</c>, or the <c>image_processor</c> of <c>processor_config.json</c>, where newer versions
/// of the library keep the same fields. Missing fields have the defaults of the library's CLIP image processor.
/// </summary>
static class HuggingFacePreprocess
{
    /// <summary>The object within <c>processor_config.json</c>.</summary>
    const string Nested = "image_processor";

    static readonly string[] s_processors = ["CLIPImageProcessor", "CLIPImageProcessorFast", "CLIPImageProcessorPil", "CLIPFeatureExtractor"];

    /// <summary>Whether a file says how pictures are prepared; <c>processor_config.json</c> of older versions does not.</summary>
    public static bool IsIn(JsonFields file) => file.IsObject(Nested);

    /// <summary>Reads the steps from either file.</summary>
    /// <exception cref="CheckpointException">A field is malformed, or says something that is not supported.</exception>
    public static PreprocessConfig Read(JsonFields file)
    {
        JsonFields fields = file.IsObject(Nested) ? file.Object(Nested)! : file;
        RefuseOtherDefaults(fields);
        fields.MustBe("do_resize", "true");
        fields.MustBe("do_rescale", "true");
        (int size, bool shortest) = ReadSize(fields, "size") ?? (224, true);
        bool crop = fields.Bool("do_center_crop") ?? true;
        int cropSize = !crop ? size : ReadSize(fields, "crop_size") is (int side, _) ? side : 224;
        if (shortest && !crop)
            throw new UnsupportedModelException(fields.Source, "resizes the shortest side and does not crop, which gives no square.");
        if (cropSize != size)
            throw new UnsupportedModelException(fields.Source, $"resizes to {size} pixels and crops {cropSize}; only equal sizes are supported.");
        bool normalize = fields.Bool("do_normalize") ?? true;
        return new PreprocessConfig
        {
            Size = size,
            ResizeMode = shortest ? ResizeMode.Shortest : ResizeMode.Squash,
            Interpolation = fields.Int("resample") switch
            {
                null or 3 => Interpolation.Bicubic,
                2 => Interpolation.Bilinear,
                int other => throw new UnsupportedModelException(
                    fields.Source, $"'{fields.FullName("resample")}' is {other}; 3 (bicubic) and 2 (bilinear) are supported."),
            },
            ConvertRgbFirst = fields.Bool("do_convert_rgb") ?? true,
            RescaleFactor = fields.Number("rescale_factor") ?? 1.0 / 255,
            Mean = normalize ? fields.Rgb("image_mean") ?? PreprocessConfig.ClipMean : default,
            Std = normalize ? fields.Rgb("image_std") ?? PreprocessConfig.ClipStd : new RgbValues(1, 1, 1),
        };
    }

    // The defaults below are those of CLIP's processor; another one has its own, which would be taken for these without a sign.
    static void RefuseOtherDefaults(JsonFields fields)
    {
        string? type = fields.Text("image_processor_type") ?? fields.Text("feature_extractor_type");
        if (type == null || s_processors.Contains(type, StringComparer.Ordinal))
            return;
        foreach (string needed in (ReadOnlySpan<string>)["size", "resample", "image_mean", "image_std"])
            if (!fields.Has(needed))
                throw new UnsupportedModelException(
                    fields.Source, $"'{fields.FullName(needed)}' is missing, and its default in the image processor '{type}' is not known here.");
    }

    /// <summary>A size as a number (of the shortest side), as <c>shortest_edge</c>, or as <c>height</c> and <c>width</c>.</summary>
    static (int Size, bool Shortest)? ReadSize(JsonFields fields, string name)
    {
        if (!fields.Has(name))
            return null;
        if (!fields.IsObject(name))
            return (fields.Int(name)!.Value, true);
        JsonFields size = fields.Object(name)!;
        if (size.Int("shortest_edge") is int edge)
            return (edge, true);
        if (size.Int("height") is int height && size.Int("width") is int width)
            return height == width ? (height, false)
                : throw new UnsupportedModelException(fields.Source, $"'{fields.FullName(name)}' is {width} × {height} pixels; only squares are supported.");
        throw new ConfigException(fields.Source, $"'{fields.FullName(name)}' must be a number, {{\"shortest_edge\": n}} or {{\"height\": n, \"width\": n}}.");
    }
}

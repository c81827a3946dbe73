using System.CommandLine;
using System.Globalization;
using ClipCore.Cli.Options;
using ClipCore.Cli.Results;
using ClipCore.Images;
using ClipCore.Npy;
using ClipCore.Reports.Pictures;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore preprocess</c>: a picture as the pixels that a model takes.</summary>
static class PreprocessCommand
{
    const int LargestSize = 16384;

    public static Command Create()
    {
        Command command = new("preprocess", "Write a picture as the normalised pixels that a model takes: float32 [3, N, N].");
        Argument<string> image = new("image") { Description = "A PNG or JPEG file.", HelpName = "IMAGE" };
        Option<int> size = new("--size") { Description = "Side in pixels (default 224).", HelpName = "N", DefaultValueFactory = _ => 224 };
        Option<string> output = new("--out") { Description = "Where to write.", HelpName = "FILE.npy", Required = true };
        Option<string?> mean = new("--mean") { Description = "Channel means (default: OpenAI's).", HelpName = "R,G,B" };
        Option<string?> std = new("--std") { Description = "Channel deviations (default: OpenAI's).", HelpName = "R,G,B" };
        Option<string?> mode =
            Choice.Of("--resize-mode", "Fit the shorter side and crop (default), fit the longer and pad, or stretch.", ["shortest", "longest", "squash"]);
        Option<string?> interpolation = Choice.Of("--interpolation", "The filter of the resize (default bicubic).", ["bicubic", "bilinear"]);
        command.Arguments.Add(image);
        foreach (Option option in (Option[])[size, output, mean, std, mode, interpolation])
            command.Options.Add(option);
        ImageLimit limit = new(command, many: false);
        JsonOutput json = new(command);
        command.OnRun((result, _) =>
        {
            PreprocessConfig usual = new() { Size = Given.Within("--size", result.GetValue(size), 1, LargestSize) };
            PreprocessConfig config = usual with
            {
                Mean = result.GetValue(mean) is { } means ? ModelArguments.Channels(mean.Name, means) : usual.Mean,
                Std = result.GetValue(std) is { } deviations ? ModelArguments.Channels(std.Name, deviations) : usual.Std,
                ResizeMode = Enum.Parse<ResizeMode>(result.GetValue(mode) ?? "shortest", ignoreCase: true),
                Interpolation = Enum.Parse<Interpolation>(result.GetValue(interpolation) ?? "bicubic", ignoreCase: true),
            };
            ImagePreprocessor preprocessor = new(config);
            string path = Given.Path("the image", result.GetValue(image)!), target = Given.Path("--out", result.GetValue(output)!);
            PreparedImage prepared = preprocessor.Prepare(ImageDecoder.Load(path, limit.Read(result)));
            float[] pixels = new float[preprocessor.PixelCount];
            preprocessor.Normalize(prepared.Rgb, pixels);
            NpyFile.Write<float>(target, pixels, 3, config.Size, config.Size);

            PictureRectangle seen = prepared.Seen;
            json.Text(result).WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{path}: {prepared.OriginalWidth} × {prepared.OriginalHeight}, seen [{seen.X:0.#}, {seen.Y:0.#}, {seen.Width:0.#} × {seen.Height:0.#}] -> "
                    + $"{target} [3, {config.Size}, {config.Size}]"));
            PreprocessResults results = new(
                path, prepared.OriginalWidth, prepared.OriginalHeight, config.Size, [seen.X, seen.Y, seen.Width, seen.Height], target);
            json.Write(result, null, path, results, ResultsContext.Default.EnvelopePreprocessResults);
        });
        return command;
    }
}

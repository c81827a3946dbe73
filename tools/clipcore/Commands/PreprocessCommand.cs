using System.CommandLine;
using System.Globalization;
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
        Command command = new("preprocess", "Writes a picture as the normalised pixels that a model takes: float32 [3, N, N].");
        Argument<string> image = new("image") { Description = "A PNG or JPEG file.", HelpName = "IMAGE" };
        Option<int> size = new("--size") { Description = "Side in pixels (default 224).", HelpName = "N", DefaultValueFactory = _ => 224 };
        Option<string> output = new("--out") { Description = "Where to write.", HelpName = "FILE.npy", Required = true };
        Option<string> mode = new("--resize-mode")
        {
            Description = "shortest: fit the shorter side and crop (default); longest: fit the longer and pad; squash: stretch.",
            HelpName = "MODE",
            DefaultValueFactory = _ => "shortest",
        };
        Option<string> interpolation = new("--interpolation") { Description = "bicubic (default) or bilinear.", HelpName = "NAME", DefaultValueFactory = _ => "bicubic" };
        command.Arguments.Add(image);
        foreach (Option option in (Option[])[size, output, mode, interpolation])
            command.Options.Add(option);
        ImageLimit limit = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            int side = result.GetValue(size);
            if (side is < 1 or > LargestSize)
                throw new UserException($"--size {side} must lie in 1 … {LargestSize}.");
            PreprocessConfig config = new()
            {
                Size = side,
                ResizeMode = Choice<ResizeMode>("--resize-mode", result.GetValue(mode)!),
                Interpolation = Choice<Interpolation>("--interpolation", result.GetValue(interpolation)!),
            };
            ImagePreprocessor preprocessor = new(config);
            string path = result.GetValue(image)!, target = result.GetValue(output)!;
            PreparedImage prepared = preprocessor.Prepare(ImageDecoder.Load(path, limit.Read(result)));
            float[] pixels = new float[preprocessor.PixelCount];
            preprocessor.Normalize(prepared.Rgb, pixels);
            NpyFile.Write<float>(target, pixels, 3, side, side);

            PictureRectangle seen = prepared.Seen;
            json.Text(result).WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{path}: {prepared.OriginalWidth} × {prepared.OriginalHeight}, seen [{seen.X:0.#}, {seen.Y:0.#}, {seen.Width:0.#} × {seen.Height:0.#}] -> {target} [3, {side}, {side}]"));
            json.Write(result, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("image", path);
                writer.WriteNumber("width", prepared.OriginalWidth);
                writer.WriteNumber("height", prepared.OriginalHeight);
                writer.WriteNumber("size", side);
                writer.WriteStartArray("seen");
                foreach (double edge in (double[])[seen.X, seen.Y, seen.Width, seen.Height])
                    writer.WriteNumberValue(edge);
                writer.WriteEndArray();
                writer.WriteString("out", target);
                writer.WriteEndObject();
            });
        });
        return command;
    }

    static T Choice<T>(string option, string value) where T : struct, Enum =>
        !value.All(char.IsAsciiDigit) && Enum.TryParse(value, ignoreCase: true, out T choice) && Enum.IsDefined(choice)
            ? choice
            : throw new UserException($"{option} {value} is not known: it may be {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}.");
}

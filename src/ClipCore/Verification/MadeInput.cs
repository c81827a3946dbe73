using ClipCore.Images;

namespace ClipCore.Verification;

/// <summary>Input that every machine makes alike, from whole numbers alone: pictures and texts for fingerprints.</summary>
static class MadeInput
{
    /// <summary>How many pictures there are.</summary>
    public const int PictureCount = 5;

    /// <summary>Texts with the things that texts bring: capitals, numbers, accents, marks, and words of no vocabulary.</summary>
    public static string[] Texts { get; } =
    [
        "a duck in a forest", "Two dogs, on water!", "an image of 3 red circles", "Ünïcödé &amp; more — “quoted” text",
        "xyzzyplughfrobozz 12345678",
    ];

    /// <summary>A picture of smooth areas, edges and noise, of a size that needs resizing and cropping.</summary>
    /// <param name="index">Which of them.</param>
    /// <param name="size">The model's side in pixels.</param>
    public static DecodedImage Picture(int index, int size)
    {
        int width = size + (37 * index) + 11, height = size + (23 * (PictureCount - 1 - index)) + 5;
        byte[] rgb = new byte[width * height * 3];
        uint noise = (uint)(index + 1) * 2654435761u;
        int at = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int channel = 0; channel < 3; channel++)
                {
                    noise = (noise * 1664525u) + 1013904223u;
                    int smooth = ((x * (3 + index + channel)) + (y * (7 - index)) + (x * y / (16 + channel))) & 255;
                    int edge = ((x / 13) + (y / 17) + channel) % 3 == 0 ? 90 : 0;
                    rgb[at++] = (byte)(((smooth * 3 / 4) + edge + (noise >> 28)) & 255);
                }
        return new DecodedImage($"made picture {index}", width, height, PixelMode.Rgb, rgb, 3);
    }

    /// <summary>Token ids for models without a vocabulary; the last is the largest, which ends a text.</summary>
    public static int[][] Ids(int vocabularySize, int contextLength)
    {
        int[][] texts = new int[Texts.Length][];
        for (int t = 0; t < texts.Length; t++)
        {
            int length = Math.Min(3 + t, contextLength);
            texts[t] = [.. Enumerable.Range(0, length - 1).Select(i => ((i + 1) * 977 * (t + 1)) % (vocabularySize - 2)), vocabularySize - 1];
        }
        return texts;
    }
}

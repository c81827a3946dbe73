namespace ClipCore.Images;

/// <summary>How a picture of any size becomes the square that the image tower takes.</summary>
public enum ResizeMode
{
    /// <summary>The shorter side is resized to the target, the middle square is cropped.</summary>
    Shortest,

    /// <summary>The longer side is resized to the target, the rest is filled with <see cref="PreprocessConfig.FillValue"/>.</summary>
    Longest,

    /// <summary>Both sides are resized to the target; the aspect ratio is not kept.</summary>
    Squash,
}
